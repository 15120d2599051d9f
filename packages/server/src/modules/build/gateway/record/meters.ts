import type { Metrics } from "../../../../platform/metrics/port.ts";
import { PRESET_IDS } from "../../connections/index.ts";
import type { Breakers } from "../attempt/breaker.ts";
import type { SpanFacts } from "./build-span.ts";

/** Seconds: models take from milliseconds to minutes. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

type State = { readonly breakers: Breakers; readonly running: () => number };

/** The gateway's metrics for Prometheus, by provider and operation. Labels by model, user or project would have unbounded values. */
export function createMeters(metrics: Metrics, state: State) {
  const labels = ["provider", "operation"] as const;
  const requests = metrics.counter({
    name: "treadle_gateway_requests_total",
    help: "Model calls by status",
    labels: [...labels, "status"],
  });
  const failedAttempts = metrics.counter({
    name: "treadle_gateway_failed_tries_total",
    help: "Attempts at a provider that gave no answer, by its HTTP status (0: none)",
    labels: ["provider", "status"],
  });
  const tokens = metrics.counter({
    name: "treadle_gateway_tokens_total",
    help: "Tokens reported by providers",
    labels: [...labels, "direction"],
  });
  const cost = metrics.counter({
    name: "treadle_gateway_cost_usd_total",
    help: "Cost of calls with a known price, in US dollars",
    labels,
  });
  const hits = metrics.counter({
    name: "treadle_gateway_cache_hits_total",
    help: "Calls answered from the exact cache",
    labels: ["operation"],
  });
  const seconds = metrics.histogram({
    name: "treadle_gateway_provider_seconds",
    help: "Time spent waiting for providers until the answer began",
    labels,
    buckets: SECONDS,
  });
  const firstToken = metrics.histogram({
    name: "treadle_gateway_first_token_seconds",
    help: "Time until the first token of a stream",
    labels,
    buckets: SECONDS,
  });
  declareGauges(metrics, state);

  return {
    record(
      operation: string,
      { result, usage, costUsd, isCacheHit, timeToFirstTokenMs, log: { attempts, upstreamMs } }: SpanFacts,
    ): void {
      const provider = knownProvider(attempts.at(-1)?.provider ?? (isCacheHit ? "cache" : "none"));
      const by = { provider, operation };
      requests.add({ ...by, status: result.status });
      for (const attempt of attempts) {
        if (attempt.error !== "")
          failedAttempts.add({ provider: knownProvider(attempt.provider), status: String(attempt.status) });
      }
      if (isCacheHit) {
        hits.add({ operation });
        return;
      }
      if (usage.inputTokens > 0) tokens.add({ ...by, direction: "input" }, usage.inputTokens);
      if (usage.outputTokens > 0) tokens.add({ ...by, direction: "output" }, usage.outputTokens);
      if (costUsd) cost.add(by, costUsd);
      if (attempts.length > 0) seconds.observe(by, upstreamMs / 1_000);
      if (timeToFirstTokenMs !== null) firstToken.observe(by, timeToFirstTokenMs / 1_000);
    },
  };
}
export type Meters = ReturnType<typeof createMeters>;

function declareGauges(metrics: Metrics, { breakers, running }: State): void {
  metrics.gauge({
    name: "treadle_gateway_circuits",
    help: "Circuit breakers that are not closed",
    labels: ["state"],
    read: () => {
      const { open, halfOpen } = breakers.count();
      return [
        { labels: { state: "open" }, value: open },
        { labels: { state: "half_open" }, value: halfOpen },
      ];
    },
  });
  metrics.gauge({
    name: "treadle_gateway_running_calls",
    help: "Model calls that are running",
    read: () => [{ labels: {}, value: running() }],
  });
}

const KNOWN: ReadonlySet<string> = new Set([...PRESET_IDS, "local", "cache", "none"]);
const knownProvider = (provider: string) => (KNOWN.has(provider) ? provider : "other");
