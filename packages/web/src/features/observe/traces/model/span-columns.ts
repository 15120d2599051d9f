export type Kind =
  | "generation"
  | "embedding"
  | "retrieval"
  | "rerank"
  | "tool"
  | "agent"
  | "chain"
  | "guardrail"
  | "evaluator"
  | "span";
export type SpanStatus = "ok" | "error" | "cancelled";

/** Every span of a trace, a column for each field, in any order. Times in milliseconds since 1970. */
export type SpanColumns = {
  readonly spanId: readonly string[];
  readonly parentSpanId: readonly string[];
  readonly name: readonly string[];
  readonly kind: readonly Kind[];
  readonly status: readonly SpanStatus[];
  readonly service: readonly string[];
  readonly model: readonly string[];
  readonly startMs: readonly number[];
  readonly durationMs: readonly number[];
  readonly timeToFirstTokenMs: readonly (number | null)[];
  readonly inputTokens: readonly number[];
  readonly outputTokens: readonly number[];
  readonly costUsd: readonly (number | null)[];
};
