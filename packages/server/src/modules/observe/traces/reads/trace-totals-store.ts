import type { SpanFilter, TraceTotals } from "@treadle/contract";
import { z } from "zod";
import { chooseInterval, startOfStep } from "../../../../kernel/time-steps.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { isOfPeriodAlone, whereSpans } from "../filter/filter-sql.ts";
import { aroundPeriod } from "../filter/owner-sql.ts";
import { fromMicros, toMicros } from "../rows/micros.ts";
import { IS_CALL } from "./trace-row-sql.ts";

/** An empty set has no quantile: the engine says NaN, JSON says null. */
const Quantile = z.number().nullable();
const TotalsRow = z.object({
  traces: z.coerce.number(),
  failedTraces: z.coerce.number(),
  spans: z.coerce.number(),
  failedSpans: z.coerce.number(),
  durationP50Ms: Quantile,
  durationP90Ms: Quantile,
  durationP95Ms: Quantile,
  durationP99Ms: Quantile,
  inputTokens: z.coerce.number(),
  outputTokens: z.coerce.number(),
  costUsd: z.number().nullable(),
});
const Row = TotalsRow.extend({ isOfBucket: z.coerce.number().transform(Boolean), bucket: z.coerce.number() });

const TOTALS = `count() AS traces, countIf(trace_errors > 0) AS failedTraces, sum(trace_spans) AS spans, sum(trace_errors) AS failedSpans,
  quantile(0.5)(whole_ms) AS durationP50Ms, quantile(0.9)(whole_ms) AS durationP90Ms, quantile(0.95)(whole_ms) AS durationP95Ms,
  quantile(0.99)(whole_ms) AS durationP99Ms, sum(trace_input) AS inputTokens, sum(trace_output) AS outputTokens, sumOrNull(trace_cost) AS costUsd`;

/** Whole traces; no alias is a column's name. */
const TRACE = `min(toUnixTimestamp64Micro(start_time)) AS first_micros, count() AS trace_spans, countIf(status = 'error') AS trace_errors,
  max(toUnixTimestamp64Micro(start_time) / 1000 + duration_ms) - first_micros / 1000 AS whole_ms,
  sumIf(input_tokens, ${IS_CALL}) AS trace_input, sumIf(output_tokens, ${IS_CALL}) AS trace_output,
  sumOrNullIf(cost_usd, ${IS_CALL} AND isNotNull(cost_usd)) AS trace_cost`;

export type TraceTotalsQuery = SpanFilter & { from: string; to: string; buckets: number };

/** Counts and durations of the traces that the list of traces has in a period. */
export const createTraceTotalsStore = (columnar: Columnar) => ({
  async read(projectId: string, { buckets: wanted, ...filter }: TraceTotalsQuery): Promise<TraceTotals> {
    const [from, to] = [toMicros(filter.from), toMicros(filter.to)];
    const bucketSeconds = chooseInterval((to - from) / 1e6, wanted);
    const origin = startOfStep(Math.floor(from / 1_000), bucketSeconds) * 1_000;
    const { clause, sql, params } = whereSpans(projectId, filter);
    const around = aroundPeriod({ from, to });
    // A period alone is decided while the traces are read; all else needs the spans that match first.
    const isAlone = isOfPeriodAlone(filter);
    const rows = await columnar.select({
      sql: `SELECT 1 - grouping(bucket) AS isOfBucket, bucket, ${TOTALS}
        FROM (SELECT trace_id, ${TRACE}, intDiv(greatest(first_micros, {begin:Int64}) - {origin:Int64}, {bucketMicros:Int64}) AS bucket
          FROM spans WHERE project_id = {projectId:String}${around.sql} ${isAlone ? "" : `AND trace_id IN (SELECT trace_id FROM spans ${clause} ${sql})`}
          GROUP BY trace_id ${isAlone ? `HAVING max(${sql})` : ""})
        GROUP BY GROUPING SETS ((), (bucket))`,
      params: { ...params, ...around.params, projectId, begin: from, origin, bucketMicros: bucketSeconds * 1e6 },
      row: Row,
    });
    const rowsByBucket = new Map(rows.filter(({ isOfBucket }) => isOfBucket).map((row) => [row.bucket, row]));
    const count = Math.ceil((to - origin) / 1e6 / bucketSeconds);
    return {
      from: fromMicros(from),
      to: fromMicros(to),
      bucketSeconds,
      totals: TotalsRow.parse(rows.find(({ isOfBucket }) => !isOfBucket) ?? NOTHING),
      buckets: Array.from({ length: count }, (_, index) => ({
        time: fromMicros(origin + index * bucketSeconds * 1e6),
        traces: rowsByBucket.get(index)?.traces ?? 0,
        failedTraces: rowsByBucket.get(index)?.failedTraces ?? 0,
      })),
    };
  },
});

const NOTHING: z.infer<typeof TotalsRow> = {
  traces: 0,
  failedTraces: 0,
  spans: 0,
  failedSpans: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: null,
  durationP50Ms: null,
  durationP90Ms: null,
  durationP95Ms: null,
  durationP99Ms: null,
};
