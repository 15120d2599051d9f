import type { Span } from "@treadle/contract";
import { writeAttributes, writeTexts } from "./attributes.ts";
import { guardColumns } from "./guard-columns.ts";
import { toMicros } from "./micros.ts";
import { previewInput, previewOutput } from "./preview.ts";

export const SPANS_TABLE = "spans";

/**
 * A span as a row of the table `spans`. Texts are well formed: half of a surrogate pair becomes U+FFFD, since no store can hold it. A time is a
 * whole number of what its column counts in: microseconds, of when a row was received milliseconds.
 */
export function toRow(projectId: string, span: Span, isSample: boolean) {
  return {
    project_id: projectId,
    start_time: toMicros(span.startTime),
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId,
    name: span.name.toWellFormed(),
    kind: span.kind,
    service: span.service.toWellFormed(),
    environment: span.environment.toWellFormed(),
    provider: span.provider.toWellFormed(),
    request_model: span.requestModel.toWellFormed(),
    response_model: span.responseModel.toWellFormed(),
    endpoint: span.endpoint.toWellFormed(),
    status: span.status,
    error_type: span.errorType.toWellFormed(),
    error_message: span.errorMessage.toWellFormed(),
    user_id: span.userId.toWellFormed(),
    session_id: span.sessionId.toWellFormed(),
    tags: span.tags.map((tag) => tag.toWellFormed()),
    duration_ms: span.durationMs,
    ttft_ms: span.timeToFirstTokenMs,
    input_tokens: span.inputTokens,
    output_tokens: span.outputTokens,
    cached_input_tokens: span.cachedInputTokens,
    cache_write_tokens: span.cacheWriteTokens,
    reasoning_tokens: span.reasoningTokens,
    cost_usd: span.costUsd,
    is_cache_hit: span.isCacheHit,
    is_sample: isSample,
    config_hash: span.configHash.toWellFormed(),
    input_preview: previewInput(span.input),
    output_preview: previewOutput(span.output),
    input: toPayload(span.input),
    output: toPayload(span.output),
    parameters: span.parameters,
    attempts: span.attempts,
    metadata: writeTexts(span.metadata),
    attributes: writeAttributes(span.attributes),
    events: span.events.length > 0 ? span.events : "",
    links: span.links.length > 0 ? span.links : "",
    scope_name: span.scopeName.toWellFormed(),
    dialect: span.dialect.toWellFormed(),
    trace_name: span.traceName.toWellFormed(),
    prompt_name: span.promptName.toWellFormed(),
    prompt_version: span.promptVersion.toWellFormed(),
    release: span.release.toWellFormed(),
    variant: span.variant.toWellFormed(),
    rollout_id: span.rolloutId.toWellFormed(),
    assignment_unit: span.assignment?.unit ?? "",
    assignment_bucket: span.assignment?.bucket ?? 0,
    propensity: span.assignment?.propensity ?? 0,
    endpoint_version: span.assignment?.endpointVersion ?? 0,
    ...guardColumns(span.attributes),
    received_at: Date.now(),
  };
}
export type SpanRow = ReturnType<typeof toRow>;

const orNone = (text: string) => (text === "" ? undefined : text);
const orNoCount = (count: number) => (count === 0 ? undefined : count);

/**
 * A row as it is written. Columns with their default value are left out, which applies to a third of the columns of
 * most spans. The object is written field by field: a loop over column names took a microsecond more, of about forty
 * per span.
 */
export const toStored = (row: SpanRow) => ({
  ...row,
  parent_span_id: orNone(row.parent_span_id),
  service: orNone(row.service),
  environment: orNone(row.environment),
  provider: orNone(row.provider),
  request_model: orNone(row.request_model),
  response_model: orNone(row.response_model),
  endpoint: orNone(row.endpoint),
  error_type: orNone(row.error_type),
  error_message: orNone(row.error_message),
  user_id: orNone(row.user_id),
  session_id: orNone(row.session_id),
  tags: row.tags.length === 0 ? undefined : row.tags,
  ttft_ms: row.ttft_ms ?? undefined,
  input_tokens: orNoCount(row.input_tokens),
  output_tokens: orNoCount(row.output_tokens),
  cached_input_tokens: orNoCount(row.cached_input_tokens),
  cache_write_tokens: orNoCount(row.cache_write_tokens),
  reasoning_tokens: orNoCount(row.reasoning_tokens),
  cost_usd: row.cost_usd ?? undefined,
  is_cache_hit: row.is_cache_hit || undefined,
  is_sample: row.is_sample || undefined,
  config_hash: orNone(row.config_hash),
  input_preview: orNone(row.input_preview),
  output_preview: orNone(row.output_preview),
  events: row.events === "" ? undefined : row.events,
  links: row.links === "" ? undefined : row.links,
  scope_name: orNone(row.scope_name),
  dialect: orNone(row.dialect),
  trace_name: orNone(row.trace_name),
  prompt_name: orNone(row.prompt_name),
  prompt_version: orNone(row.prompt_version),
  release: orNone(row.release),
  variant: orNone(row.variant),
  rollout_id: orNone(row.rollout_id),
  assignment_unit: orNone(row.assignment_unit),
  assignment_bucket: orNoCount(row.assignment_bucket),
  propensity: orNoCount(row.propensity),
  endpoint_version: orNoCount(row.endpoint_version),
  guard_policy: orNone(row.guard_policy),
  guard_action: orNone(row.guard_action),
  guard_kinds: row.guard_kinds.length === 0 ? undefined : row.guard_kinds,
  guard_language: orNone(row.guard_language),
});

/**
 * The value of a payload's JSON column. The store takes the text of an object or a list from the row's own JSON, so it
 * is serialized once, not once as a text and again inside it. Half of a surrogate pair remains an escape.
 */
function toPayload(value: unknown): unknown {
  if (value === undefined) return "";
  return typeof value === "object" && value !== null ? value : JSON.stringify(value);
}

/** The text that the store will hold of a payload. */
export const payloadText = (payload: unknown): string =>
  typeof payload === "string" ? payload : (JSON.stringify(payload) ?? "");
