/** A column of a file: its name, as the API writes it, and what it is in the table. */
export type ExportColumn = {
  readonly name: string;
  readonly sql: string;
  readonly isPayload?: true;
  /** Text of traces outside the payloads. */
  readonly isContent?: true;
  readonly isJson?: true;
};

const plain = (name: string, sql: string): ExportColumn => ({ name, sql });
/** Kept as JSON text in the table; in JSON lines it is the value itself. */
const payload = (name: string): ExportColumn => ({ name, sql: name, isPayload: true, isJson: true });

/** The columns of exported spans, in their order. */
export const SPAN_COLUMNS: readonly ExportColumn[] = [
  plain("traceId", "trace_id"),
  plain("spanId", "span_id"),
  plain("parentSpanId", "parent_span_id"),
  plain("name", "name"),
  plain("kind", "kind"),
  plain("startTime", "start_time"),
  plain("durationMs", "duration_ms"),
  plain("timeToFirstTokenMs", "ttft_ms"),
  plain("status", "status"),
  plain("errorType", "error_type"),
  { ...plain("errorMessage", "error_message"), isContent: true },
  plain("service", "service"),
  plain("environment", "environment"),
  plain("release", "release"),
  plain("provider", "provider"),
  plain("requestModel", "request_model"),
  plain("responseModel", "response_model"),
  plain("endpoint", "endpoint"),
  plain("variant", "variant"),
  plain("rolloutId", "rollout_id"),
  plain("assignmentUnit", "assignment_unit"),
  plain("assignmentBucket", "assignment_bucket"),
  plain("propensity", "propensity"),
  plain("endpointVersion", "endpoint_version"),
  plain("guardPolicy", "guard_policy"),
  plain("guardAction", "guard_action"),
  plain("guardKinds", "guard_kinds"),
  plain("guardLanguage", "guard_language"),
  plain("promptName", "prompt_name"),
  plain("promptVersion", "prompt_version"),
  plain("userId", "user_id"),
  plain("sessionId", "session_id"),
  plain("tags", "tags"),
  plain("metadata", "metadata"),
  plain("inputTokens", "input_tokens"),
  plain("outputTokens", "output_tokens"),
  plain("cachedInputTokens", "cached_input_tokens"),
  plain("cacheWriteTokens", "cache_write_tokens"),
  plain("reasoningTokens", "reasoning_tokens"),
  plain("costUsd", "cost_usd"),
  plain("isCacheHit", "is_cache_hit"),
  plain("isSample", "is_sample"),
  { ...plain("inputPreview", "input_preview"), isContent: true },
  { ...plain("outputPreview", "output_preview"), isContent: true },
  payload("input"),
  payload("output"),
  payload("parameters"),
  { ...plain("attributes", "attributes"), isPayload: true },
];

/** The columns of exported traces, as the list of traces gives them. */
const TRACE_COLUMNS = [
  "traceId",
  "name",
  "startTime",
  "durationMs",
  "status",
  "spanCount",
  "errorCount",
  "models",
  "inputTokens",
  "outputTokens",
  "costUsd",
  "userId",
  "sessionId",
  "tags",
  "inputPreview",
  "outputPreview",
] as const;
export type TraceColumn = (typeof TRACE_COLUMNS)[number];
const TRACE_CONTENT: readonly TraceColumn[] = ["inputPreview", "outputPreview"];

export const traceColumnsOf = (hasContent: boolean): readonly TraceColumn[] =>
  TRACE_COLUMNS.filter((name) => hasContent || !TRACE_CONTENT.includes(name));
