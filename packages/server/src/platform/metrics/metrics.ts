import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "./port.ts";

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** A registry of its own, with Node's process metrics; two servers in one process do not share numbers. */
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
      const counter = new Counter(common(options));
      return { add: (labels, value = 1) => counter.inc(labels, value) };
    },
    histogram(options) {
      const histogram = new Histogram({ ...common(options), buckets: [...(options.buckets ?? SECONDS)] });
      return { observe: (labels, value) => histogram.observe(labels, value) };
    },
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
