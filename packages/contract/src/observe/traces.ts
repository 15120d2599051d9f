import { z } from "zod";
import { content } from "../content.ts";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { FILTER_LIMITS, parseFilter } from "./filter/filter.ts";
import { Score } from "./scores.ts";
import { SPAN_KINDS, SPAN_STATUSES, SPAN_VALUE_FIELDS } from "./span-kinds.ts";
import { ReadSpan, Span, SpanSummary, TraceSummary } from "./spans.ts";

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

/** Text in the filter language. An error contains its position, counted from 1. */
export const FilterText = content(
  z
    .string()
    .max(FILTER_LIMITS.characters)
    .superRefine((text, context) => {
      for (const { from, message } of parseFilter(text).problems)
        context.addIssue({
          code: "custom",
          message: `has a problem at character ${from + 1}: ${message}`,
          input: text,
        });
    }),
  "filter",
);

/** What a list of spans can be narrowed by. Several values of one filter are separated by commas and mean "any of". */
export const SpanFilter = z.object({
  from: time.optional(),
  to: time.optional(),
  search: content(
    z.string().max(500).optional().describe("Text to find in names, inputs, outputs and errors. Case does not matter."),
    "search",
  ),
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
  body: content(z.unknown()),
  attributes: content(z.record(z.string(), z.unknown()), "measures"),
});
export type SpanContent = z.infer<typeof SpanContent>;

/** A span with everything that is known of it. */
export const SpanDetail = ReadSpan.extend({
  scores: z.array(Score),
  contents: z.array(SpanContent),
});
export type SpanDetail = z.infer<typeof SpanDetail>;

/** Every span of a trace as lists of equal length, in the order they began. */
export const TraceOutline = z.object({
  traceId: z.string(),
  startTime: Timestamp,
  isCut: z.boolean().describe("Whether the trace has more spans than the response."),
  columns: z.object({
    spanId: z.array(z.string()),
    parentSpanId: z.array(z.string()).describe("Empty for a span without a parent. The parent may be missing."),
    startMs: z.array(z.number()).describe("Milliseconds after the trace's start."),
    durationMs: z.array(z.number()),
    timeToFirstTokenMs: z.array(z.number().nullable()),
    name: z.array(z.string()),
    kind: z.array(z.enum(SPAN_KINDS)),
    status: z.array(z.enum(SPAN_STATUSES)),
    errorType: z.array(z.string()),
    service: z.array(z.string()),
    provider: z.array(z.string()),
    model: z.array(z.string()).describe("The model that answered, or the requested model."),
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
  unpricedRequests: z.number().describe("Requests with an unknown price. The cost does not include them."),
  latencyP50Ms: z.number().nullable(),
  latencyP95Ms: z.number().nullable(),
  timeToFirstTokenP50Ms: z.number().nullable(),
  timeToFirstTokenP95Ms: z.number().nullable(),
});

/** What the model calls of one interval come to. */
export const OverviewBucket = Totals.extend({ time: Timestamp });
/** What the calls of one model come to. */
export const OverviewModel = Totals.extend({ model: z.string(), provider: z.string() });
const details = { buckets: z.array(OverviewBucket), models: z.array(OverviewModel) };

/** What the model calls of a period come to. */
export const Overview = z.object({
  from: Timestamp,
  to: Timestamp,
  bucketSeconds: z
    .number()
    .describe(
      "Buckets start at full hours or days in UTC. The first bucket can therefore start before `from` and contain less data.",
    ),
  totals: Totals,
  previous: Totals.describe("The previous period of the same length."),
  ...details,
  before: z
    .object(details)
    .optional()
    .describe(
      "The buckets and models of the previous period, if requested. Each bucket is moved by the length of the period.",
    ),
});
export type Overview = z.infer<typeof Overview>;

/** What the traces of a period come to: those that have a span which matches the filter, each with all its spans. */
export const TraceTotals = z.object({
  from: Timestamp,
  to: Timestamp,
  bucketSeconds: z.number(),
  totals: z.object({
    traces: z.number(),
    failedTraces: z.number().describe("The number of traces with a failed span."),
    spans: z.number(),
    failedSpans: z.number(),
    durationP50Ms: z.number().nullable().describe("For whole traces, like the other values."),
    durationP90Ms: z.number().nullable(),
    durationP95Ms: z.number().nullable(),
    durationP99Ms: z.number().nullable(),
    inputTokens: z.number(),
    outputTokens: z.number(),
    costUsd: z.number().nullable(),
  }),
  buckets: z
    .array(z.object({ time: Timestamp, traces: z.number(), failedTraces: z.number() }))
    .describe(
      "A trace belongs to the bucket in which it started, or to the first bucket if it started before the period.",
    ),
});
export type TraceTotals = z.infer<typeof TraceTotals>;

/** A batch that the columnar store refused for good. */
export const UndeliverableBatch = z.object({
  batchId: z.string(),
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
    summary: "Record finished spans; the response comes after they are on disk",
    permission: "traces:write",
    description:
      "The spans appear in lists within about two seconds. A span that is sent again within ten minutes is stored once.",
    body: z.strictObject({ spans: z.array(Span).min(1).max(10_000) }),
    example: {
      spans: [
        {
          traceId: "0af7651916cd43dd8448eb211c80319c",
          spanId: "b7ad6b7169203331",
          name: "chat gpt-5-mini",
          kind: "generation",
          startTime: "2026-01-15T09:30:00Z",
          durationMs: 840,
          requestModel: "gpt-5-mini",
          inputTokens: 12,
          outputTokens: 40,
          input: [{ role: "user", content: "How do I get a refund?" }],
          output: "Open your order and choose Refund.",
        },
      ],
    },
    response: z.object({ accepted: z.number() }),
    status: 202,
  },
  "GET /api/v1/spans": {
    name: "listSpans",
    summary: "Spans by filter, newest first or in another order",
    permission: "traces:read",
    query: PageQuery.extend(SpanFilter.shape).extend({
      order: z.enum(SPAN_ORDERS).default("startTime"),
      direction: z.enum(["asc", "desc"]).default("desc"),
    }),
    response: pageOf(SpanSummary),
  },
  "GET /api/v1/spans/live": {
    name: "watchSpans",
    summary: "A live stream of spans, as server-sent events",
    permission: "traces:read",
    query: SpanFilter.omit({ from: true, to: true }),
    response: SpanSummary,
    answer: "events",
  },
  "GET /api/v1/span-values": {
    name: "listSpanValues",
    summary: "The values that a filter can have in a period, most frequent first",
    permission: "traces:read",
    query: z.object({
      field: z.enum(SPAN_VALUE_FIELDS),
      from: time.optional(),
      to: time.optional(),
      prefix: z.string().max(200).optional(),
    }),
    response: pageOf(z.object({ value: z.string(), count: z.number() })),
  },
  "GET /api/v1/traces": {
    name: "listTraces",
    summary: "Traces with a matching span, newest first",
    permission: "traces:read",
    query: PageQuery.extend(SpanFilter.shape),
    response: pageOf(TraceSummary),
  },
  "GET /api/v1/trace-totals": {
    name: "getTraceTotals",
    summary: "Counts, durations, tokens and cost of traces with a matching span, over time",
    permission: "traces:read",
    query: SpanFilter.extend({ from: time, to: time, buckets: z.coerce.number().int().min(1).max(500).default(60) }),
    response: TraceTotals,
  },
  "GET /api/v1/traces/:traceId": {
    name: "getTrace",
    summary: "The spans of a trace with inputs and outputs (up to 5,000 and 32 MiB), in order of their start",
    permission: "traces:read",
    params: z.object({ traceId: z.string().max(64) }),
    response: z.object({
      traceId: z.string(),
      isCut: z.boolean().describe("Whether the trace has more spans than the response."),
      spans: z.array(ReadSpan),
    }),
  },
  "DELETE /api/v1/traces/:traceId": {
    name: "deleteTrace",
    summary: "Permanently delete a trace with its scores, logs and feedback",
    permission: "traces:write",
    params: z.object({ traceId: z.string().max(64) }),
    response: Done,
  },
  "GET /api/v1/traces/:traceId/outline": {
    name: "getTraceOutline",
    summary: "Every span of a trace (up to 50,000) without inputs and outputs, as columns",
    permission: "traces:read",
    params: z.object({ traceId: z.string().max(64) }),
    response: TraceOutline,
  },
  "GET /api/v1/traces/:traceId/spans/:spanId": {
    name: "getSpan",
    summary: "One span with its inputs and outputs, events, links, scores and logs",
    permission: "traces:read",
    params: z.object({ traceId: z.string().max(64), spanId: z.string().max(32) }),
    response: SpanDetail,
  },
  "GET /api/v1/overview": {
    name: "getOverview",
    summary: "Traffic, errors, latency, tokens and cost over time",
    permission: "traces:read",
    query: SpanFilter.extend({
      from: time,
      to: time,
      buckets: z.coerce
        .number()
        .int()
        .min(1)
        .max(500)
        .default(60)
        .describe("The maximum number of buckets. Their length is a round number."),
      compare: z.enum(["previous"]).optional().describe("Also returns buckets and models of the previous period."),
    }),
    response: Overview,
  },
  "GET /api/v1/undeliverable-batches": {
    name: "listUndeliverableBatches",
    summary: "Undeliverable batches, which are on disk but rejected by the columnar store",
    permission: "system:read",
    query: PageQuery,
    response: pageOf(UndeliverableBatch),
  },
  "POST /api/v1/undeliverable-batches/:batchId/replay": {
    name: "replayUndeliverableBatch",
    summary: "Retry an undeliverable batch",
    permission: "system:write",
    params: z.object({ batchId: z.string() }),
    response: z.object({ rows: z.number() }),
  },
  "DELETE /api/v1/undeliverable-batches/:batchId": {
    name: "deleteUndeliverableBatch",
    summary: "Permanently delete an undeliverable batch",
    permission: "system:write",
    params: z.object({ batchId: z.string() }),
    response: Done,
  },
});
