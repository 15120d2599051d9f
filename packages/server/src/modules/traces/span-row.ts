import type { Span } from "@treadle/contract";
import { writeAttributes, writeTexts } from "./attributes.ts";
import { toMicros, toSecondsText } from "./micros.ts";
import { previewInput, previewOutput } from "./preview.ts";

/** A span as a row of the table `spans`. Texts are well formed: half of a surrogate pair becomes U+FFFD, since no store can hold it. */
export function toRow(projectId: string, span: Span, isSample: boolean) {
  const input = toJson(span.input);
  const output = toJson(span.output);
  return {
    project_id: projectId,
    start_time: toSecondsText(toMicros(span.startTime)),
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
    input_preview: previewInput(span.input, input),
    output_preview: previewOutput(span.output, output),
    input,
    output,
    parameters: JSON.stringify(span.parameters),
    attempts: JSON.stringify(span.attempts),
    metadata: writeTexts(span.metadata),
    attributes: writeAttributes(span.attributes),
  };
}
export type SpanRow = ReturnType<typeof toRow>;

/** JSON as text, and an empty text for nothing at all. Half of a surrogate pair is kept as an escape. */
const toJson = (value: unknown) => (value === undefined ? "" : JSON.stringify(value));
