// Without a schema, so that a page which only names them does not bring the schemas along.
export const SPAN_KINDS = [
  "generation",
  "embedding",
  "retrieval",
  "rerank",
  "tool",
  "agent",
  "chain",
  "guardrail",
  "evaluator",
  "span",
] as const;
export const SPAN_STATUSES = ["ok", "error", "cancelled"] as const;

/** Fields whose values can be listed. */
export const SPAN_VALUE_FIELDS = [
  "model",
  "provider",
  "endpoint",
  "userId",
  "sessionId",
  "tag",
  "name",
  "service",
  "environment",
  "errorType",
  "prompt",
  "release",
  "dialect",
  "traceName",
  "metadataKey",
  "attributeKey",
  "scoreName",
] as const;
export type SpanValueField = (typeof SPAN_VALUE_FIELDS)[number];
