import {
  type MetricsColumn,
  SPAN_DIMENSIONS,
  SPAN_MEASURES,
  type SpanDimension,
  type SpanMeasure,
} from "@treadle/contract";

/** Tokens and money are counted where a model was called, not again on the steps around it. */
const IS_CALL = "kind IN ('generation', 'embedding')";
const MODEL = "if(response_model != '', response_model, request_model)";
/** Lower ends in milliseconds, about as wide as one another on a logarithmic scale. */
const BANDS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e7];

/** One list of levels, so that all percentiles of a question are made from one state. */
const LATENCY = "quantiles(0.5, 0.9, 0.95, 0.99)(duration_ms)";
const FIRST_TOKEN = "quantilesIf(0.5, 0.95)(assumeNotNull(ttft_ms), isNotNull(ttft_ms))";

const MEASURES: Readonly<Record<SpanMeasure, string>> = {
  count: "count()",
  requests: `countIf(${IS_CALL})`,
  traces: "uniq(trace_id)",
  users: "uniqIf(user_id, user_id != '')",
  sessions: "uniqIf(session_id, session_id != '')",
  errors: "countIf(status = 'error')",
  errorRate: "countIf(status = 'error') / count()",
  cacheHitRate: `countIf(is_cache_hit AND ${IS_CALL}) / countIf(${IS_CALL})`,
  guardChecks: "countIf(guard_policy != '')",
  guardRate: "countIf(guard_action NOT IN ('', 'allow')) / countIf(guard_policy != '')",
  guardBlocks: "countIf(guard_action = 'block')",
  inputTokens: `sumIf(input_tokens, ${IS_CALL})`,
  outputTokens: `sumIf(output_tokens, ${IS_CALL})`,
  totalTokens: `sumIf(toUInt64(input_tokens) + output_tokens, ${IS_CALL})`,
  cachedInputTokens: `sumIf(cached_input_tokens, ${IS_CALL})`,
  reasoningTokens: `sumIf(reasoning_tokens, ${IS_CALL})`,
  costUsd: `sumOrNullIf(cost_usd, ${IS_CALL} AND isNotNull(cost_usd))`,
  latencyAvgMs: "avg(duration_ms)",
  latencyP50Ms: `${LATENCY}[1]`,
  latencyP90Ms: `${LATENCY}[2]`,
  latencyP95Ms: `${LATENCY}[3]`,
  latencyP99Ms: `${LATENCY}[4]`,
  timeToFirstTokenP50Ms: `${FIRST_TOKEN}[1]`,
  timeToFirstTokenP95Ms: `${FIRST_TOKEN}[2]`,
};

/**
 * By a dimension that is a list, a span is in one group per element, and with an empty list in the group of the empty text. The
 * elements are joined before the other dimensions are made.
 */
const LISTS: ReadonlyMap<string, string> = new Map<SpanDimension, string>([
  ["tag", "arrayJoin(if(empty(tags), [''], tags)) AS one_tag"],
  ["guardKind", "arrayJoin(if(empty(guard_kinds), [''], guard_kinds)) AS one_guard_kind"],
]);
export const listElements = (dimensions: readonly string[]): readonly string[] =>
  dimensions.flatMap((name) => LISTS.get(name) ?? []);

const DIMENSIONS: Readonly<Record<SpanDimension, string>> = {
  time: "intDiv(toUnixTimestamp64Micro(start_time) - {origin:Int64}, {step:Int64})",
  model: MODEL,
  provider: "provider",
  kind: "kind",
  status: "status",
  errorType: "error_type",
  user: "owning_user",
  session: "owning_session",
  tag: "one_tag",
  endpoint: "endpoint",
  environment: "environment",
  service: "service",
  name: "name",
  prompt: "prompt_name",
  promptVersion: "prompt_version",
  release: "release",
  variant: "variant",
  rollout: "rollout_id",
  guardAction: "guard_action",
  guardPolicy: "guard_policy",
  guardKind: "one_guard_kind",
  guardLanguage: "guard_language",
  hourOfDay: "toHour(start_time)",
  dayOfWeek: "toDayOfWeek(start_time)",
  latencyBand: `toUInt64(roundDown(duration_ms, [${BANDS.join(", ")}]))`,
};

/** Dimensions with a natural order and size. No limit applies to them. */
const NATURAL: ReadonlySet<string> = new Set<SpanDimension>(["time", "hourOfDay", "dayOfWeek", "latencyBand"]);
export const isNatural = (dimension: string) => NATURAL.has(dimension);

/** The values of a group without spans: 0 for counts and sums, otherwise null. */
const ADDITIVE: ReadonlySet<string> = new Set(["count", "tokens", "usd"]);
export const emptyValueOf = (measure: string) => (ADDITIVE.has(unitOf(measure)) ? 0 : null);

/** An expression over the table of spans; names that a caller chose are bound, never part of the text. */
export type Expression = { readonly sql: string; readonly params: Readonly<Record<string, string>> };

const isKnown = <Name extends string>(table: Readonly<Record<Name, unknown>>, name: string): name is Name =>
  Object.hasOwn(table, name);
const keyOf = (name: string) => name.slice(name.indexOf(".") + 1);

export function dimensionExpression(name: string, place: number): Expression {
  if (isKnown(DIMENSIONS, name)) return { sql: DIMENSIONS[name], params: {} };
  return { sql: `metadata[{metadataKey${place}:String}]`, params: { [`metadataKey${place}`]: keyOf(name) } };
}

/** `score.NAME` is an index into `scores`. A score of the whole trace counts for its spans without an own score. */
export function measureExpression(name: string, scores: readonly string[]): string {
  if (isKnown(MEASURES, name)) return MEASURES[name];
  const place = scores.indexOf(keyOf(name)) + 1;
  return `avgOrNull(ifNull(own_scores[${place}], trace_scores[${place}]))`;
}

export const scoreNamesOf = (measures: readonly string[]) =>
  measures.filter((name) => !isKnown(MEASURES, name)).map(keyOf);

export const unitOf = (measure: string): MetricsColumn["unit"] =>
  isKnown(SPAN_MEASURES, measure) ? SPAN_MEASURES[measure].unit : "score";
export const labelOf = (name: string): string => {
  if (isKnown(SPAN_MEASURES, name)) return SPAN_MEASURES[name].label;
  if (isKnown(SPAN_DIMENSIONS, name)) return SPAN_DIMENSIONS[name];
  return name === "cohort" ? "Cohort" : keyOf(name);
};
