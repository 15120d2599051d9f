import { z } from "zod";
import { Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { SpanFilter } from "./traces.ts";

/** What can be counted or measured of spans, with the unit of its numbers. Tokens and money count where a model was called. */
export const SPAN_MEASURES = {
  count: { label: "Spans", unit: "count" },
  requests: { label: "Model calls", unit: "count" },
  traces: { label: "Traces", unit: "count" },
  users: { label: "Users", unit: "count" },
  sessions: { label: "Sessions", unit: "count" },
  errors: { label: "Errors", unit: "count" },
  errorRate: { label: "Error rate", unit: "ratio" },
  cacheHitRate: { label: "Cache hit rate", unit: "ratio" },
  guardChecks: { label: "Calls with guards", unit: "count" },
  guardRate: { label: "Calls with guard findings", unit: "ratio" },
  guardBlocks: { label: "Calls blocked by guards", unit: "count" },
  inputTokens: { label: "Input tokens", unit: "tokens" },
  outputTokens: { label: "Output tokens", unit: "tokens" },
  totalTokens: { label: "Tokens", unit: "tokens" },
  cachedInputTokens: { label: "Cached input tokens", unit: "tokens" },
  reasoningTokens: { label: "Reasoning tokens", unit: "tokens" },
  costUsd: { label: "Cost", unit: "usd" },
  latencyAvgMs: { label: "Latency, mean", unit: "ms" },
  latencyP50Ms: { label: "Latency, median", unit: "ms" },
  latencyP90Ms: { label: "Latency, 90th percentile", unit: "ms" },
  latencyP95Ms: { label: "Latency, 95th percentile", unit: "ms" },
  latencyP99Ms: { label: "Latency, 99th percentile", unit: "ms" },
  timeToFirstTokenP50Ms: { label: "Time to first token, median", unit: "ms" },
  timeToFirstTokenP95Ms: { label: "Time to first token, 95th percentile", unit: "ms" },
} as const satisfies Readonly<Record<string, { label: string; unit: string }>>;
export type SpanMeasure = keyof typeof SPAN_MEASURES;

/** What spans can be grouped by; `metadata.KEY` is one more for every key. */
export const SPAN_DIMENSIONS = {
  time: "Time",
  model: "Model",
  provider: "Provider",
  kind: "Kind",
  status: "Status",
  errorType: "Error type",
  user: "User",
  session: "Session",
  tag: "Tag",
  endpoint: "Endpoint",
  environment: "Environment",
  service: "Service",
  name: "Name",
  prompt: "Prompt",
  promptVersion: "Prompt version",
  release: "Release",
  variant: "Variant",
  rollout: "Rollout",
  guardAction: "Guard action",
  guardPolicy: "Guard policy",
  guardKind: "Guard finding",
  guardLanguage: "Language of calls with guards",
  hourOfDay: "Hour of the day (UTC)",
  dayOfWeek: "Day of the week (UTC)",
  latencyBand: "Latency band",
} as const;
export type SpanDimension = keyof typeof SPAN_DIMENSIONS;

const MEASURE_NAMES = Object.keys(SPAN_MEASURES).join(", ");
const DIMENSION_NAMES = Object.keys(SPAN_DIMENSIONS).join(", ");
const isMeasure = (name: string) => Object.hasOwn(SPAN_MEASURES, name) || /^score\..{1,200}$/s.test(name);
const isDimension = (name: string) => Object.hasOwn(SPAN_DIMENSIONS, name) || /^metadata\..{1,200}$/s.test(name);

/** The name of a measure. */
export const MeasureName = z
  .string()
  .max(210)
  .refine(isMeasure, `must be one of ${MEASURE_NAMES}, or score.NAME for the mean of a score`);
/** The name of a dimension. */
export const SpanDimensionName = z
  .string()
  .max(210)
  .refine(isDimension, `must be one of ${DIMENSION_NAMES}, or metadata.KEY`);
const areDistinct = (names: readonly string[]) => new Set(names).size === names.length;

const { from: _from, to: _to, rootsOnly: _rootsOnly, ...narrowing } = SpanFilter.shape;
/** The filter of a query that is sent as JSON. It equals the filter of the lists, without times. */
export const SpanNarrowing = z.strictObject({
  ...narrowing,
  rootsOnly: z.boolean().optional(),
});

/** Measures by dimensions, without a period. A dashboard's chart stores this. */
export const ChartQuery = z.strictObject({
  where: SpanNarrowing.default({}),
  measures: z.array(MeasureName).min(1).max(10).refine(areDistinct, "must not name a measure twice"),
  dimensions: z.array(SpanDimensionName).max(3).refine(areDistinct, "must not name a dimension twice").default([]),
  intervalSeconds: z
    .number()
    .int()
    .min(1)
    .max(31_536_000)
    .optional()
    .describe("The interval of `time`. If omitted, it depends on the length of the period."),
  limit: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(10)
    .describe("The maximum number of groups, highest first measure first. `time` does not count."),
  rest: z
    .enum(["other", "none"])
    .default("other")
    .describe("Whether the groups beyond the limit are combined into one group."),
  cohorts: z
    .array(z.strictObject({ name: z.string().trim().min(1).max(60), where: SpanNarrowing }))
    .min(2)
    .max(5)
    .refine((cohorts) => areDistinct(cohorts.map(({ name }) => name)), "must not name a cohort twice")
    .optional()
    .describe("Runs the query for several sets of spans, which may overlap. `cohort` becomes the first dimension."),
});
export type ChartQuery = z.infer<typeof ChartQuery>;

const time = z.iso.datetime({ offset: true });
/** A question of a dashboard's chart or of a table of groups. `from` is inside the span of time, `to` is not. */
export const SpanMetricsQuery = ChartQuery.extend({
  from: time,
  to: time,
  user: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe("Counts the spans of this user: spans that name it, and spans without a user in its traces."),
  session: z.string().min(1).max(500).optional().describe("Counts the spans of this session in the same way."),
  compare: z.enum(["previous"]).optional().describe("Also queries the previous period of the same length."),
});
export type SpanMetricsQuery = z.infer<typeof SpanMetricsQuery>;

const MetricsRow = z.object({
  group: z
    .record(z.string(), z.string())
    .describe("The value of each dimension. A time is the start of its interval. Empty if a span has no value."),
  isOther: z.boolean().describe("Combines all groups beyond the limit. Its dimensions are empty."),
  values: z.record(z.string(), z.number().nullable()).describe("Null if there is no value."),
  n: z.number().describe("The number of spans in the row."),
});
export type MetricsRow = z.infer<typeof MetricsRow>;

const MetricsColumn = z.object({
  name: z.string(),
  label: z.string(),
  role: z.enum(["dimension", "measure"]),
  unit: z.enum(["time", "text", "count", "tokens", "usd", "ms", "ratio", "score"]),
});
export type MetricsColumn = z.infer<typeof MetricsColumn>;

export const SpanMetrics = z.object({
  from: Timestamp,
  to: Timestamp,
  intervalSeconds: z.number().nullable().describe("Null without `time`."),
  columns: z.array(MetricsColumn),
  rows: z.array(MetricsRow),
  previousRows: z
    .array(MetricsRow)
    .optional()
    .describe("The same groups in the previous period. Each `time` is earlier by `to - from`."),
  isTruncated: z.boolean().describe("True if there are more groups than the limit."),
});
export type SpanMetrics = z.infer<typeof SpanMetrics>;

/** The tables that a statement can read: the tables of the caller's project, under these names. */
export const SQL_TABLES = ["spans", "scores", "span_contents", "trace_summaries"] as const;
export const MOST_SQL_ROWS = 10_000;

const SqlColumn = z.object({ name: z.string(), type: z.string().describe("The type in ClickHouse.") });
export const SqlAnswer = z.object({
  columns: z.array(SqlColumn),
  rows: z.array(z.array(z.unknown())).describe("An integer that JSON cannot represent exactly is a string."),
  elapsedMs: z.number(),
  rowsRead: z.number(),
  isTruncated: z.boolean().describe("True if there are more rows than requested."),
});
export type SqlAnswer = z.infer<typeof SqlAnswer>;

export const SqlSchema = z.object({
  tables: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      columns: z.array(SqlColumn.extend({ description: z.string() })),
    }),
  ),
  functions: z.array(z.string()).describe("The functions that a statement can call."),
});
export type SqlSchema = z.infer<typeof SqlSchema>;

export const EXPORT_FORMATS = ["csv", "jsonl", "parquet"] as const;
/** A Parquet file is made as one piece, so it holds less. */
export const MOST_EXPORTED = { csv: 1_000_000, jsonl: 1_000_000, parquet: 100_000 } as const;

const ExportQuery = SpanFilter.extend({
  format: z.enum(EXPORT_FORMATS).default("csv"),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_EXPORTED.csv)
    .optional()
    .describe("The maximum number of rows, newest first. 100,000 if omitted. Parquet allows at most 100,000."),
  formulas: z
    .enum(["quote", "keep"])
    .default("quote")
    .describe("In CSV, `quote` puts an apostrophe before text that a spreadsheet would interpret as a formula."),
});

export const exploreApi = defineApi({
  "POST /api/v1/span-metrics": {
    name: "measureSpans",
    summary: "Measures of spans by any dimensions, optionally over time and with the previous period",
    permission: "traces:read",
    body: SpanMetricsQuery,
    example: {
      measures: ["requests", "costUsd"],
      dimensions: ["model"],
      from: "2026-01-01T00:00:00Z",
      to: "2026-02-01T00:00:00Z",
    },
    response: SpanMetrics,
  },
  "POST /api/v1/sql": {
    name: "runSql",
    summary: "Run one statement in ClickHouse's SQL over the project's spans and scores",
    permission: "sql:read",
    content: "partial",
    description:
      "The statement is one `SELECT` over the tables that `GET /api/v1/sql/schema` lists. It may take 30 seconds, 1 GiB of memory and 500 million rows. The result has at most 10,000 rows and 32 MiB. A server runs two statements at a time.",
    body: z.strictObject({
      sql: z.string().min(1).max(20_000),
      limit: z
        .number()
        .int()
        .min(1)
        .max(MOST_SQL_ROWS)
        .default(1_000)
        .describe("The maximum number of rows in the response."),
    }),
    example: { sql: "SELECT model, count() FROM spans GROUP BY model" },
    response: SqlAnswer,
  },
  "GET /api/v1/sql/schema": {
    name: "getSqlSchema",
    summary: "The tables, columns and functions that a statement can name",
    permission: "sql:read",
    response: SqlSchema,
  },
  "GET /api/v1/spans/export": {
    name: "exportSpans",
    summary: "Matching spans as a file, newest first: CSV, JSON lines or Parquet",
    permission: "traces:read",
    content: "partial",
    query: ExportQuery.extend({
      payloads: z.stringbool().default(false).describe("Include inputs, outputs, parameters and attributes as JSON."),
    }),
    response: z.unknown(),
    answer: "file",
  },
  "GET /api/v1/traces/export": {
    name: "exportTraces",
    summary: "Traces with a matching span as a file, newest first: CSV, JSON lines or Parquet",
    permission: "traces:read",
    content: "partial",
    query: ExportQuery,
    response: z.unknown(),
    answer: "file",
  },
});
