import { z } from "zod";
import { FILTER_LIMITS, parseFilter } from "./filter.ts";
import { Done, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";
import { Score } from "./scores.ts";
import { SPAN_KINDS, SPAN_STATUSES, SPAN_VALUE_FIELDS } from "./span-kinds.ts";
import { Span, SpanSummary, TraceSummary } from "./spans.ts";

const time = z.iso.datetime({ offset: true });

/** One or several of a set of values, separated by commas. */
const someOf = (values: readonly string[]) =>
  z
    .string()
    .max(200)
    .refine(
      (text) => text.split(",").every((value) => value.trim() === "" || values.includes(value.trim())),
      `use one or several of ${values.join(", ")}, separated by commas`,
    );

/** Text in the filter language; what is wrong with it is said with its place, counted from 1. */
export const FilterText = z
  .string()
  .max(FILTER_LIMITS.characters)
  .superRefine((text, context) => {
    for (const { from, message } of parseFilter(text).problems)
      context.addIssue({ code: "custom", message: `has a problem at character ${from + 1}: ${message}`, input: text });
  });

/** What a list of spans can be narrowed by. Several values of one filter are separated by commas and mean "any of". */
export const SpanFilter = z.object({
  from: time.optional(),
  to: time.optional(),
  search: z
    .string()
    .max(500)
    .optional()
    .describe("Text looked for in names, inputs, outputs and errors, without regard to case."),
  model: z.string().max(1_000).optional(),
  provider: z.string().max(500).optional(),
  endpoint: z.string().max(500).optional(),
  kind: someOf(SPAN_KINDS)
    .optional()
    .describe(`Any of ${SPAN_KINDS.join(", ")}.`),
  status: someOf(SPAN_STATUSES)
    .optional()
    .describe(`Any of ${SPAN_STATUSES.join(", ")}.`),
  userId: z.string().max(500).optional(),
  sessionId: z.string().max(500).optional(),
  tag: z.string().max(500).optional(),
  traceId: z.string().max(64).optional(),
  minDurationMs: z.coerce.number().min(0).max(1e12).optional(),
  minCostUsd: z.coerce.number().min(0).max(1e9).optional(),
  minTokens: z.coerce.number().int().min(0).max(4_294_967_295).optional(),
  rootsOnly: z.stringbool().optional(),
  filter: FilterText.optional().describe(
    'The filter language, such as `model:gpt-4o latency>2s -status:error "refund"`; docs/guide/traces.md has it all.',
  ),
});
export type SpanFilter = z.infer<typeof SpanFilter>;

export const SPAN_ORDERS = [
  "startTime",
  "durationMs",
  "costUsd",
  "inputTokens",
  "outputTokens",
  "timeToFirstTokenMs",
] as const;

/** What a log said that belongs to a span, often its messages: some senders write them there. */
export const SpanContent = z.object({
  name: z.string(),
  time: Timestamp,
  body: z.unknown(),
  attributes: z.record(z.string(), z.unknown()),
});
export type SpanContent = z.infer<typeof SpanContent>;

/** A span with everything that is known of it. */
export const SpanDetail = Span.extend({
  isSample: z.boolean(),
  scores: z.array(Score),
  contents: z.array(SpanContent),
});
export type SpanDetail = z.infer<typeof SpanDetail>;

/** Every span of a trace as lists of equal length, in the order they began. */
export const TraceOutline = z.object({
  traceId: z.string(),
  startTime: Timestamp,
  isCut: z.boolean().describe("Whether the trace has more spans than are given."),
  columns: z.object({
    spanId: z.array(z.string()),
    parentSpanId: z.array(z.string()).describe("Empty for a span without a parent; the parent may be missing."),
    startMs: z.array(z.number()).describe("After the trace's start."),
    durationMs: z.array(z.number()),
    timeToFirstTokenMs: z.array(z.number().nullable()),
    name: z.array(z.string()),
    kind: z.array(z.enum(SPAN_KINDS)),
    status: z.array(z.enum(SPAN_STATUSES)),
    errorType: z.array(z.string()),
    service: z.array(z.string()),
    provider: z.array(z.string()),
    model: z.array(z.string()).describe("The model that answered, or the one asked for."),
    inputTokens: z.array(z.number()),
    outputTokens: z.array(z.number()),
    cachedInputTokens: z.array(z.number()),
    reasoningTokens: z.array(z.number()),
    costUsd: z.array(z.number().nullable()),
  }),
});
export type TraceOutline = z.infer<typeof TraceOutline>;

const Totals = z.object({
  requests: z.number(),
  errors: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number(),
  unpricedRequests: z.number().describe("Requests whose price is not known, and so not in the cost."),
  latencyP50Ms: z.number().nullable(),
  latencyP95Ms: z.number().nullable(),
  timeToFirstTokenP50Ms: z.number().nullable(),
  timeToFirstTokenP95Ms: z.number().nullable(),
});

export const Overview = z.object({
  from: Timestamp,
  to: Timestamp,
  bucketSeconds: z.number(),
  totals: Totals,
  previous: Totals.describe("The span of time just before, of the same length."),
  buckets: z.array(Totals.extend({ time: Timestamp })),
  models: z.array(Totals.extend({ model: z.string(), provider: z.string() })),
});
export type Overview = z.infer<typeof Overview>;

/** A batch that the columnar store refused for good. */
export const UndeliverableBatch = z.object({
  id: z.string(),
  table: z.string(),
  rows: z.number(),
  bytes: z.number(),
  error: z.string(),
  firstFailedAt: Timestamp,
  attempts: z.number(),
});
export type UndeliverableBatch = z.infer<typeof UndeliverableBatch>;

export const tracesApi = defineApi({
  "POST /api/v1/spans": {
    name: "createSpans",
    summary: "Record finished spans; the answer comes after they are on disk",
    permission: "traces:write",
    body: z.strictObject({ spans: z.array(Span).min(1).max(10_000) }),
    response: z.object({ accepted: z.number() }),
    status: 202,
  },
  "GET /api/v1/spans": {
    name: "listSpans",
    summary: "Spans by filter, newest first or by another order",
    permission: "traces:read",
    query: PageQuery.extend(SpanFilter.shape).extend({
      order: z.enum(SPAN_ORDERS).default("startTime"),
      direction: z.enum(["asc", "desc"]).default("desc"),
    }),
    response: pageOf(SpanSummary),
  },
  "GET /api/v1/spans/live": {
    name: "watchSpans",
    summary: "Spans as they are recorded, as server-sent events",
    permission: "traces:read",
    query: SpanFilter.omit({ from: true, to: true }),
    response: SpanSummary,
    answer: "events",
  },
  "GET /api/v1/span-values": {
    name: "listSpanValues",
    summary: "The values that a filter can take in a span of time, most frequent first",
    permission: "traces:read",
    query: z.object({
      field: z.enum(SPAN_VALUE_FIELDS),
      from: time.optional(),
      to: time.optional(),
      prefix: z.string().max(200).optional(),
    }),
    response: z.object({ items: z.array(z.object({ value: z.string(), count: z.number() })) }),
  },
  "GET /api/v1/traces": {
    name: "listTraces",
    summary: "Traces that have a span which matches the filter, newest first",
    permission: "traces:read",
    query: PageQuery.extend(SpanFilter.shape),
    response: pageOf(TraceSummary),
  },
  "GET /api/v1/traces/:traceId": {
    name: "getTrace",
    summary:
      "The spans of a trace (up to 5,000, and up to 32 MiB), with their inputs and outputs, in the order they began",
    permission: "traces:read",
    params: z.object({ traceId: z.string().max(64) }),
    response: z.object({
      traceId: z.string(),
      isCut: z.boolean().describe("Whether the trace has more spans than are given."),
      spans: z.array(Span.extend({ isSample: z.boolean() })),
    }),
  },
  "DELETE /api/v1/traces/:traceId": {
    name: "deleteTrace",
    summary: "Delete a trace for good, with its scores, its logs and the feedback on it",
    permission: "traces:write",
    params: z.object({ traceId: z.string().max(64) }),
    response: Done,
  },
  "GET /api/v1/traces/:traceId/outline": {
    name: "getTraceOutline",
    summary: "Every span of a trace (up to 50,000) without its payloads, column by column",
    permission: "traces:read",
    params: z.object({ traceId: z.string().max(64) }),
    response: TraceOutline,
  },
  "GET /api/v1/traces/:traceId/spans/:spanId": {
    name: "getSpan",
    summary: "One span with its payloads, events, links, scores and what logs said of it",
    permission: "traces:read",
    params: z.object({ traceId: z.string().max(64), spanId: z.string().max(32) }),
    response: SpanDetail,
  },
  "GET /api/v1/overview": {
    name: "getOverview",
    summary: "Traffic, errors, latency, tokens and cost over time",
    permission: "traces:read",
    query: SpanFilter.extend({ from: time, to: time, buckets: z.coerce.number().int().min(1).max(500).default(60) }),
    response: Overview,
  },
  "GET /api/v1/undeliverable-batches": {
    name: "listUndeliverableBatches",
    summary: "Batches that were kept on disk but that the columnar store refuses",
    permission: "system:read",
    response: z.object({ items: z.array(UndeliverableBatch) }),
  },
  "POST /api/v1/undeliverable-batches/:batchId/replay": {
    name: "replayUndeliverableBatch",
    summary: "Try to store a refused batch again",
    permission: "system:write",
    params: z.object({ batchId: z.string() }),
    response: z.object({ rows: z.number() }),
  },
  "DELETE /api/v1/undeliverable-batches/:batchId": {
    name: "deleteUndeliverableBatch",
    summary: "Throw a refused batch away for good",
    permission: "system:write",
    params: z.object({ batchId: z.string() }),
    response: Done,
  },
});
