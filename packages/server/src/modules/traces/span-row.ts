import type { Span } from "@treadle/contract";
import { writeAttributes, writeTexts } from "./attributes.ts";
import { toMicros } from "./micros.ts";
import { previewInput, previewOutput } from "./preview.ts";

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
    received_at: Date.now(),
  };
}
export type SpanRow = ReturnType<typeof toRow>;

/** What the columns have by themselves in which most spans have nothing: a third of a row. */
const BY_ITSELF: Partial<SpanRow> = {
  ...{ parent_span_id: "", service: "", environment: "", provider: "", request_model: "", response_model: "" },
  ...{ endpoint: "", error_type: "", error_message: "", user_id: "", session_id: "", ttft_ms: null, cost_usd: null },
  ...{ input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, cache_write_tokens: 0, reasoning_tokens: 0 },
  ...{ is_cache_hit: false, is_sample: false, config_hash: "", input_preview: "", output_preview: "", events: "" },
  ...{ links: "", scope_name: "", dialect: "", trace_name: "", prompt_name: "", prompt_version: "", release: "" },
};
const OFTEN_EMPTY = Object.entries(BY_ITSELF) as [keyof SpanRow, unknown][];

/** A row as it is written: what its column has by itself is left out. */
export function toStored(row: SpanRow): Readonly<Record<string, unknown>> {
  const stored: Record<string, unknown> = { ...row };
  for (const [name, value] of OFTEN_EMPTY) if (row[name] === value) stored[name] = undefined;
  if (row.tags.length === 0) stored.tags = undefined;
  return stored;
}

/**
 * What the column of a payload's JSON text is given. The store keeps the text of an object or a list as it stands in the
 * row's own JSON, so it is written once instead of once as a text and again within one. Half of a surrogate pair stays an escape.
 */
function toPayload(value: unknown): unknown {
  if (value === undefined) return "";
  return typeof value === "object" && value !== null ? value : JSON.stringify(value);
}

/** The text that the store will hold of a payload. */
export const payloadText = (payload: unknown): string =>
  typeof payload === "string" ? payload : (JSON.stringify(payload) ?? "");
