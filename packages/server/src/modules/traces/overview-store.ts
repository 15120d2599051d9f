import type { Overview, SpanFilter } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../platform/columnar/port.ts";
import { MODEL, whereSpans } from "./filter-store.ts";
import { fromMicros, toMicros } from "./micros.ts";

const MAX_MODELS = 50;

/** An empty set has no quantile: the engine says NaN, JSON says null. */
const Quantile = z.number().nullable();
const TotalsRow = z.object({
  requests: z.coerce.number(),
  errors: z.coerce.number(),
  inputTokens: z.coerce.number(),
  outputTokens: z.coerce.number(),
  costUsd: z.number(),
  unpricedRequests: z.coerce.number(),
  latencyP50Ms: Quantile,
  latencyP95Ms: Quantile,
  timeToFirstTokenP50Ms: Quantile,
  timeToFirstTokenP95Ms: Quantile,
});
type Totals = z.infer<typeof TotalsRow>;

/** A request is a span in which a model was called. One that failed before it used a token costs nothing, priced or not. */
const IS_REQUEST = "kind IN ('generation', 'embedding')";
const TOTALS = `count() AS requests,
  countIf(status = 'error') AS errors,
  sum(toUInt64(input_tokens)) AS inputTokens,
  sum(toUInt64(output_tokens)) AS outputTokens,
  ifNull(sum(cost_usd), 0) AS costUsd,
  countIf(isNull(cost_usd) AND (status != 'error' OR input_tokens + output_tokens > 0)) AS unpricedRequests,
  quantile(0.5)(duration_ms) AS latencyP50Ms,
  quantile(0.95)(duration_ms) AS latencyP95Ms,
  quantileIf(0.5)(assumeNotNull(ttft_ms), isNotNull(ttft_ms)) AS timeToFirstTokenP50Ms,
  quantileIf(0.95)(assumeNotNull(ttft_ms), isNotNull(ttft_ms)) AS timeToFirstTokenP95Ms`;

const NOTHING: Totals = {
  requests: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  unpricedRequests: 0,
  latencyP50Ms: null,
  latencyP95Ms: null,
  timeToFirstTokenP50Ms: null,
  timeToFirstTokenP95Ms: null,
};

export type OverviewQuery = SpanFilter & { from: string; to: string; buckets: number };

/** Counts and quantiles of a project's requests; `from` is inside the span of time, `to` is not. */
export function createOverviewStore(columnar: Columnar) {
  async function readTotals(projectId: string, filter: SpanFilter): Promise<Totals> {
    const where = whereSpans(projectId, filter);
    const rows = await columnar.select({
      sql: `SELECT ${TOTALS} FROM spans WHERE ${where.sql} AND ${IS_REQUEST}`,
      params: where.params,
      row: TotalsRow,
    });
    return rows[0] ?? NOTHING;
  }

  async function readBuckets(projectId: string, filter: SpanFilter & { from: string; to: string }, seconds: number) {
    const where = whereSpans(projectId, filter);
    const rows = await columnar.select({
      sql: `SELECT intDiv(toUnixTimestamp64Micro(start_time) - {from:Int64}, {bucketMicros:Int64}) AS bucket, ${TOTALS}
        FROM spans WHERE ${where.sql} AND ${IS_REQUEST} GROUP BY bucket ORDER BY bucket`,
      params: { ...where.params, bucketMicros: seconds * 1e6 },
      row: TotalsRow.extend({ bucket: z.coerce.number() }),
    });
    return new Map(rows.map(({ bucket, ...totals }) => [bucket, totals]));
  }

  function readModels(projectId: string, filter: SpanFilter) {
    const where = whereSpans(projectId, filter);
    return columnar.select({
      sql: `SELECT ${MODEL} AS model, provider, ${TOTALS} FROM spans WHERE ${where.sql} AND ${IS_REQUEST}
        GROUP BY model, provider ORDER BY requests DESC, model, provider LIMIT ${MAX_MODELS}`,
      params: where.params,
      row: TotalsRow.extend({ model: z.string(), provider: z.string() }),
    });
  }

  return {
    async read(projectId: string, { buckets: wanted, ...filter }: OverviewQuery): Promise<Overview> {
      const from = toMicros(filter.from);
      const to = toMicros(filter.to);
      const bucketSeconds = Math.max(1, Math.ceil((to - from) / 1e6 / wanted));
      const previous = { ...filter, from: fromMicros(2 * from - to), to: fromMicros(from) };
      const [totals, previousTotals, found, models] = await Promise.all([
        readTotals(projectId, filter),
        readTotals(projectId, previous),
        readBuckets(projectId, filter, bucketSeconds),
        readModels(projectId, filter),
      ]);
      const buckets = Array.from({ length: Math.ceil((to - from) / 1e6 / bucketSeconds) }, (_, index) => ({
        time: fromMicros(from + index * bucketSeconds * 1e6),
        ...(found.get(index) ?? NOTHING),
      }));
      return {
        from: fromMicros(from),
        to: fromMicros(to),
        bucketSeconds,
        totals,
        previous: previousTotals,
        buckets,
        models,
      };
    },
  };
}
