import {
  Attempt,
  SPAN_KINDS,
  SPAN_STATUSES,
  type Span,
  SpanAssignment,
  SpanEvent,
  SpanLink,
  type SpanSummary,
} from "@treadle/contract";
import { z } from "zod";
import { readAttributes, readTexts } from "./attributes.ts";
import { fromMicros } from "./micros.ts";

/** The columns of lists, without payloads. */
export const SummaryRow = z.object({
  start_micros: z.coerce.number(),
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string(),
  name: z.string(),
  kind: z.enum(SPAN_KINDS),
  service: z.string(),
  environment: z.string(),
  provider: z.string(),
  request_model: z.string(),
  response_model: z.string(),
  endpoint: z.string(),
  status: z.enum(SPAN_STATUSES),
  error_type: z.string(),
  error_message: z.string(),
  user_id: z.string(),
  session_id: z.string(),
  tags: z.array(z.string()),
  duration_ms: z.number(),
  ttft_ms: z.number().nullable(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  cached_input_tokens: z.number(),
  cache_write_tokens: z.number(),
  reasoning_tokens: z.number(),
  cost_usd: z.number().nullable(),
  is_cache_hit: z.boolean(),
  is_sample: z.boolean(),
  config_hash: z.string(),
  scope_name: z.string(),
  dialect: z.string(),
  trace_name: z.string(),
  prompt_name: z.string(),
  prompt_version: z.string(),
  release: z.string(),
  variant: z.string(),
  rollout_id: z.string(),
  input_preview: z.string(),
  output_preview: z.string(),
});
type SummaryRow = z.infer<typeof SummaryRow>;

/** A row with its payloads; maps come as two lists each. */
export const FullRow = SummaryRow.extend({
  input: z.string(),
  output: z.string(),
  parameters: z.string(),
  attempts: z.string(),
  events: z.string(),
  links: z.string(),
  metadata_keys: z.array(z.string()),
  metadata_values: z.array(z.string()),
  attribute_keys: z.array(z.string()),
  attribute_values: z.array(z.string()),
  assignment_unit: z.union([z.literal(""), SpanAssignment.shape.unit]),
  assignment_bucket: z.number(),
  propensity: z.number(),
  endpoint_version: z.number(),
});

type FullRow = z.infer<typeof FullRow>;

/** A row as lists and the live tail show it. */
export const toSummary = (row: Omit<SummaryRow, "start_micros">, startMicros: number): SpanSummary => ({
  traceId: row.trace_id,
  spanId: row.span_id,
  parentSpanId: row.parent_span_id,
  name: row.name,
  kind: row.kind,
  startTime: fromMicros(startMicros),
  durationMs: row.duration_ms,
  timeToFirstTokenMs: row.ttft_ms,
  status: row.status,
  errorType: row.error_type,
  errorMessage: row.error_message,
  service: row.service,
  environment: row.environment,
  provider: row.provider,
  requestModel: row.request_model,
  responseModel: row.response_model,
  endpoint: row.endpoint,
  userId: row.user_id,
  sessionId: row.session_id,
  tags: row.tags,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  cachedInputTokens: row.cached_input_tokens,
  cacheWriteTokens: row.cache_write_tokens,
  reasoningTokens: row.reasoning_tokens,
  costUsd: row.cost_usd,
  isCacheHit: row.is_cache_hit,
  configHash: row.config_hash,
  scopeName: row.scope_name,
  dialect: row.dialect,
  traceName: row.trace_name,
  promptName: row.prompt_name,
  promptVersion: row.prompt_version,
  release: row.release,
  variant: row.variant,
  rolloutId: row.rollout_id,
  inputPreview: row.input_preview,
  outputPreview: row.output_preview,
  isSample: row.is_sample,
});

/** A row with everything that was recorded. */
export function toSpan(row: FullRow): Span & { isSample: boolean } {
  const { inputPreview: _, outputPreview: __, ...summary } = toSummary(row, row.start_micros);
  return {
    ...summary,
    input: fromJson(row.input),
    output: fromJson(row.output),
    parameters: z.record(z.string(), z.unknown()).parse(fromJson(row.parameters) ?? {}),
    attempts: z.array(Attempt).parse(fromJson(row.attempts) ?? []),
    events: z.array(SpanEvent).parse(fromJson(row.events) ?? []),
    links: z.array(SpanLink).parse(fromJson(row.links) ?? []),
    metadata: readTexts(row.metadata_keys, row.metadata_values),
    attributes: readAttributes(row.attribute_keys, row.attribute_values),
    assignment: readAssignment(row),
  };
}

/** The value of a JSON column. An empty text is no value. */
export const fromJson = (text: string): unknown => (text === "" ? null : JSON.parse(text));

const readAssignment = ({
  assignment_unit: unit,
  assignment_bucket: bucket,
  propensity,
  endpoint_version: endpointVersion,
}: FullRow): Span["assignment"] => (unit === "" ? null : { unit, bucket, propensity, endpointVersion });
