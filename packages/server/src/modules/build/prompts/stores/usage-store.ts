import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";

/** Conditions over the spans of one project and time, and the values that the engine binds to them. */
export type SpanWhere = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };

const CALLS = "prompt_name = {promptName:String} AND kind IN ('generation', 'embedding')";
const VERSION = "toUInt32OrZero(prompt_version)";
const MICROS = (expression: string) => `toString(toUnixTimestamp64Micro(${expression}))`;
const MOST_VERSIONS = 1_000;
const MOST_SCORES = 5_000;
const NEWEST = 10;

const StatsRow = z.object({
  version: z.number(),
  requests: z.coerce.number(),
  errors: z.coerce.number(),
  cost: z.number().nullable(),
  input: z.coerce.number(),
  output: z.coerce.number(),
  latencies: z.array(z.number().nullable()),
  first_token: z.number().nullable(),
  last_micros: z.string(),
});
const ScoreRow = z.object({
  version: z.number(),
  name: z.string(),
  mean: z.number(),
  deviation: z.number().nullable(),
  n: z.coerce.number(),
});

/** All judgements of a project's spans as a table to stand after FROM, as the module of traces writes it. */
type ScoresOf = (condition?: { readonly where?: string; readonly project?: string }) => string;

/** The usage of a prompt, from the spans that name it. */
export const createUsageStore = (columnar: Columnar, scoresOf: ScoresOf) => {
  const bound = (where: SpanWhere, promptName: string) => ({ ...where.params, promptName });

  return {
    listStats: (where: SpanWhere, promptName: string) =>
      columnar.select({
        sql: `SELECT ${VERSION} AS version, count() AS requests, countIf(status = 'error') AS errors,
            sumOrNull(cost_usd) AS cost, sum(input_tokens) AS input, sum(output_tokens) AS output,
            quantiles(0.5, 0.95)(duration_ms) AS latencies,
            if(countIf(isNotNull(ttft_ms)) = 0, NULL, quantileIf(0.5)(assumeNotNull(ttft_ms), isNotNull(ttft_ms))) AS first_token,
            ${MICROS("max(start_time)")} AS last_micros
          FROM spans WHERE ${where.sql} AND ${CALLS} AND version > 0
          GROUP BY version ORDER BY version DESC LIMIT ${MOST_VERSIONS}`,
        params: bound(where, promptName),
        row: StatsRow,
      }),

    /** Scores of the calls themselves and of their traces as a whole, each counted once for a version. */
    listScores: (projectId: string, where: SpanWhere, promptName: string) =>
      columnar.select({
        sql: `SELECT version, name, avg(score) AS mean, stddevSampOrNull(score) AS deviation, count() AS n FROM (
            SELECT calls.version AS version, scores.name AS name, any(assumeNotNull(scores.value)) AS score
            FROM ${scoresOf({ project: "{scoresOf:String}" })} AS scores INNER JOIN (
              SELECT DISTINCT trace_id, span_id, ${VERSION} AS version FROM spans WHERE ${where.sql} AND ${CALLS} AND version > 0
            ) AS calls ON scores.trace_id = calls.trace_id
            WHERE isNotNull(scores.value)
              AND (scores.span_id = calls.span_id OR scores.span_id = '')
            GROUP BY calls.version, scores.name, scores.trace_id, scores.span_id, scores.time
          ) GROUP BY version, name ORDER BY name LIMIT ${MOST_SCORES}`,
        params: { ...bound(where, promptName), scoresOf: projectId },
        row: ScoreRow,
      }),

    /** How often each endpoint or service used it. */
    listUsers: (where: SpanWhere, promptName: string, column: "endpoint" | "service") =>
      columnar.select({
        sql: `SELECT ${column} AS value, count() AS requests, ${MICROS("max(start_time)")} AS last_micros
          FROM spans WHERE ${where.sql} AND ${CALLS} AND ${column} != ''
          GROUP BY value ORDER BY requests DESC, value LIMIT 100`,
        params: bound(where, promptName),
        row: z.object({ value: z.string(), requests: z.coerce.number(), last_micros: z.string() }),
      }),

    listNewest: (where: SpanWhere, promptName: string) =>
      columnar.select({
        sql: `SELECT trace_id, span_id, prompt_version, ${MICROS("start_time")} AS micros
          FROM spans WHERE ${where.sql} AND ${CALLS} ORDER BY start_time DESC LIMIT ${NEWEST}`,
        params: bound(where, promptName),
        row: z.object({ trace_id: z.string(), span_id: z.string(), prompt_version: z.string(), micros: z.string() }),
      }),
  };
};
