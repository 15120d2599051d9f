import { SPAN_MEASURES, type SpanMeasure } from "@treadle/contract";

/** How the evidence of a measure is computed from single spans. */
export type MeasurePlan = {
  /** `rate`: a share of events. `mean`: a mean of values. `total`: a sum, which grows with the traffic. */
  readonly kind: "rate" | "mean" | "total";
  readonly unit: "ratio" | "ms" | "score" | "count" | "tokens" | "usd";
  /** What the measure is called in a sentence, such as `error rate`. */
  readonly name: string;
  /** A condition: the spans that count. */
  readonly counts: string;
  /** The value of a span; 0 or 1 of a rate. `{limit:Float64}` is the limit below. */
  readonly value: string;
  /** An aggregate over the time before that the value depends on. */
  readonly limit: string | null;
  /** A condition: the affected spans. */
  readonly isBad: string;
  /** The value that affected spans are sorted by, worst first. */
  readonly badness: string;
  /** Null if more and less are both possible problems. */
  readonly worse: "higher" | "lower" | null;
  /** The score that spans are joined with. */
  readonly score: string | null;
  /** The affected spans in words and in the filter language, from the limit. */
  readonly events: (limit: string) => string;
  readonly filter: ((limit: number) => string) | null;
  /** Dimensions that describe the failure itself. */
  readonly outcomes: readonly string[];
};

const IS_CALL = "kind IN ('generation', 'embedding')";
const CALL_SUM = { counts: IS_CALL, isBad: IS_CALL };

const base = {
  kind: "rate",
  unit: "ratio",
  counts: "true",
  limit: null,
  badness: "duration_ms",
  worse: "higher",
  score: null,
  filter: null,
  outcomes: [],
} as const;

const errors = {
  ...base,
  value: "toFloat64(status = 'error')",
  isBad: "status = 'error'",
  events: () => "failed spans",
  filter: () => "status:error",
  outcomes: ["errorType"],
} as const;

const total = (name: string, value: string, more: Partial<MeasurePlan> = {}): MeasurePlan => ({
  ...base,
  kind: "total",
  unit: "count",
  name,
  value,
  isBad: "true",
  badness: value,
  worse: null,
  events: () => "all spans",
  ...more,
});

const slow = (column: string, quantile: number, what: string): MeasurePlan => ({
  ...base,
  name: what === "slow" ? "share of slow spans" : "share of late first tokens",
  counts: `isNotNull(${column})`,
  value: `toFloat64(ifNull(${column}, 0) > {limit:Float64})`,
  limit: `quantileIf(${quantile})(assumeNotNull(${column}), isNotNull(${column}))`,
  isBad: `ifNull(${column}, 0) > {limit:Float64}`,
  badness: `ifNull(${column}, 0)`,
  events: (limit) =>
    what === "slow"
      ? `spans that took longer than ${limit} ms, the ${ordinal(quantile)} percentile of the time before`
      : `spans whose first token came later than ${limit} ms, the ${ordinal(quantile)} percentile of the time before`,
  filter: (limit) => `${what === "slow" ? "latency" : "ttft"}>${Math.round(limit)}ms`,
});
const ordinal = (quantile: number): string => `${Math.round(quantile * 100)}th`;

const PLANS: Readonly<Record<SpanMeasure, MeasurePlan>> = {
  errorRate: { ...errors, name: "error rate" },
  errors: { ...errors, kind: "total", unit: "count", name: "number of errors" },
  cacheHitRate: {
    ...base,
    name: "cache hit rate",
    counts: IS_CALL,
    value: "toFloat64(is_cache_hit)",
    isBad: `${IS_CALL} AND NOT is_cache_hit`,
    worse: "lower",
    events: () => "model calls that the cache did not answer",
    filter: () => "-is:cached",
  },
  guardRate: {
    ...base,
    name: "share of calls with guard findings",
    counts: "guard_policy != ''",
    value: "toFloat64(guard_action NOT IN ('', 'allow'))",
    isBad: "guard_action NOT IN ('', 'allow')",
    events: () => "calls with guard findings",
    outcomes: ["guardAction"],
  },
  guardBlocks: total("number of blocked calls", "toFloat64(guard_action = 'block')", {
    isBad: "guard_action = 'block'",
    worse: "higher",
    events: () => "calls that a guard blocked",
    filter: () => "guard:block",
  }),
  guardChecks: total("number of calls with guards", "toFloat64(guard_policy != '')", { isBad: "guard_policy != ''" }),
  latencyP50Ms: slow("duration_ms", 0.5, "slow"),
  latencyP90Ms: slow("duration_ms", 0.9, "slow"),
  latencyP95Ms: slow("duration_ms", 0.95, "slow"),
  latencyP99Ms: slow("duration_ms", 0.99, "slow"),
  timeToFirstTokenP50Ms: slow("ttft_ms", 0.5, "late"),
  timeToFirstTokenP95Ms: slow("ttft_ms", 0.95, "late"),
  latencyAvgMs: {
    ...slow("duration_ms", 0.95, "slow"),
    kind: "mean",
    unit: "ms",
    name: "mean latency",
    value: "duration_ms",
  },
  count: total("number of spans", "toFloat64(1)"),
  requests: total("number of model calls", `toFloat64(${IS_CALL})`, { isBad: IS_CALL }),
  traces: total("number of traces", "toFloat64(parent_span_id = '')", { isBad: "parent_span_id = ''" }),
  users: total("number of spans with a user", "toFloat64(user_id != '')", { isBad: "user_id != ''" }),
  sessions: total("number of spans with a session", "toFloat64(session_id != '')", { isBad: "session_id != ''" }),
  inputTokens: total("number of input tokens", "toFloat64(input_tokens)", { ...CALL_SUM, unit: "tokens" }),
  outputTokens: total("number of output tokens", "toFloat64(output_tokens)", { ...CALL_SUM, unit: "tokens" }),
  totalTokens: total("number of tokens", "toFloat64(input_tokens) + output_tokens", { ...CALL_SUM, unit: "tokens" }),
  cachedInputTokens: total("number of cached tokens", "toFloat64(cached_input_tokens)", {
    ...CALL_SUM,
    unit: "tokens",
  }),
  reasoningTokens: total("number of reasoning tokens", "toFloat64(reasoning_tokens)", { ...CALL_SUM, unit: "tokens" }),
  costUsd: total("cost", "ifNull(cost_usd, 0)", { ...CALL_SUM, unit: "usd" }),
};

const isKnown = (name: string): name is SpanMeasure => Object.hasOwn(SPAN_MEASURES, name);

/** The plan of a measure of Explore. A source without a measure is compared by its errors. */
export function planOf(measure: string): MeasurePlan {
  if (isKnown(measure)) return PLANS[measure];
  const name = measure.slice(measure.indexOf(".") + 1);
  return {
    ...base,
    kind: "mean",
    unit: "score",
    name: `mean of the score ${name}`,
    counts: "isNotNull(score)",
    value: "ifNull(score, 0)",
    isBad: "isNotNull(score)",
    badness: "-ifNull(score, 0)",
    worse: null,
    score: name,
    events: () => `spans with the score ${name}, lowest first`,
  };
}
