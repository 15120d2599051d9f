import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { addHistogram } from "./histogram.ts";
import type { Metrics } from "./port.ts";
import { createSeries } from "./series.ts";

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** A separate registry with Node's process metrics. Two servers in one process do not share numbers. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const common = ({ name, help, labels = [] }: Parameters<Metrics["counter"]>[0]) => ({
    name,
    help,
    labelNames: labels,
    registers: [registry],
  });
  return {
    counter(options) {
      const series = createSeries(options.labels ?? [], (labels) => ({ labels, total: 0 }));
      new Counter({
        ...common(options),
        collect() {
          this.reset();
          for (const { labels, total } of series.states) this.inc(labels, total);
        },
      });
      return {
        add(labels, value = 1) {
          if (!(value >= 0 && Number.isFinite(value)))
            throw new TypeError(`${value} cannot be added to ${options.name}, which can only increase.`);
          series.find(labels).total += value;
        },
      };
    },
    histogram: ({ buckets = SECONDS, ...options }) => addHistogram(registry, { ...options, bounds: buckets }),
    gauge({ read, ...options }) {
      new Gauge({
        ...common(options),
        collect() {
          this.reset();
          for (const { labels, value } of read()) this.set(labels, value);
        },
      });
    },
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
