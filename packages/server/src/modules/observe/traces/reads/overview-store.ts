import type { Overview, SpanFilter } from "@treadle/contract";
import { z } from "zod";
import { chooseInterval, startOfStep } from "../../../../kernel/time-steps.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { MODEL, whereSpans } from "../filter/filter-sql.ts";
import { fromMicros, toMicros } from "../rows/micros.ts";

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

/**
 * A request is a span in which a model was called. A request that failed before it used a token costs nothing, with or
 * without a price.
 */
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

export type OverviewQuery = SpanFilter & {
  from: string;
  to: string;
  buckets: number;
  compare?: "previous" | undefined;
};

/**
 * One row for each period, each interval of it, and each model. The previous period is included only for a comparison.
 */
const OverviewRow = TotalsRow.extend({
  isPrevious: z.coerce.number().transform(Boolean),
  isOfBucket: z.coerce.number().transform(Boolean),
  isOfModel: z.coerce.number().transform(Boolean),
  bucket: z.coerce.number(),
  model: z.string(),
  provider: z.string(),
});
type OverviewRow = z.infer<typeof OverviewRow>;
/** In microseconds; `origin` is where the first bucket begins. */
type Times = {
  readonly from: number;
  readonly to: number;
  readonly origin: number;
  readonly bucketSeconds: number;
  readonly isCompared: boolean;
};

/** Counts and quantiles of a project's requests; `from` is inside the span of time, `to` is not. */
export function createOverviewStore(columnar: Columnar) {
  /** All of it from one look at the rows of both periods. */
  function readRows(projectId: string, filter: SpanFilter, { from, to, origin, bucketSeconds, isCompared }: Times) {
    const where = whereSpans(projectId, { ...filter, from: fromMicros(2 * from - to) });
    return columnar.select({
      sql: `SELECT is_previous AS isPrevious, 1 - grouping(bucket) AS isOfBucket, 1 - grouping(model) AS isOfModel, bucket, model, vendor AS provider,
          ${TOTALS}
        FROM (SELECT toUnixTimestamp64Micro(start_time) < {begin:Int64} AS is_previous,
            is_previous AND NOT {isCompared:Bool} AS is_left_out,
            if(is_left_out, 0, intDiv(toUnixTimestamp64Micro(start_time) + if(is_previous, {length:Int64}, 0) - {origin:Int64}, {bucketMicros:Int64})) AS bucket,
            if(is_left_out, '', ${MODEL}) AS model, if(is_left_out, '', provider) AS vendor,
            status, input_tokens, output_tokens, cost_usd, duration_ms, ttft_ms
          FROM spans WHERE ${where.sql} AND ${IS_REQUEST})
        GROUP BY GROUPING SETS ((is_previous), (is_previous, bucket), (is_previous, model, vendor))
        ORDER BY isOfModel, requests DESC, model, provider`,
      params: {
        ...where.params,
        begin: from,
        length: to - from,
        origin,
        isCompared,
        bucketMicros: bucketSeconds * 1e6,
      },
      row: OverviewRow,
    });
  }

  return {
    /**
     * Buckets follow the clock, so that a chart's peaks do not change when its period moves. The first and the last may
     * be partial.
     */
    async read(projectId: string, { buckets: wanted, compare, ...filter }: OverviewQuery): Promise<Overview> {
      const [from, to] = [toMicros(filter.from), toMicros(filter.to)];
      const bucketSeconds = chooseInterval((to - from) / 1e6, wanted);
      const origin = startOfStep(Math.floor(from / 1_000), bucketSeconds) * 1_000;
      const isCompared = compare === "previous";
      const rows = await readRows(projectId, filter, { from, to, origin, bucketSeconds, isCompared });
      const ofPeriods = rows.filter(({ isOfBucket, isOfModel }) => !isOfBucket && !isOfModel);
      const count = Math.ceil((to - origin) / 1e6 / bucketSeconds);
      const detailsOf = (period: readonly OverviewRow[], begin: number) => {
        const rowsByBucket = new Map(period.filter(({ isOfBucket }) => isOfBucket).map((row) => [row.bucket, row]));
        const buckets = Array.from({ length: count }, (_, index) => ({
          time: fromMicros(begin + index * bucketSeconds * 1e6),
          ...toTotals(rowsByBucket.get(index)),
        }));
        const models = period.filter(({ isOfModel }) => isOfModel).slice(0, MAX_MODELS);
        return {
          buckets,
          models: models.map((row) => ({ model: row.model, provider: row.provider, ...toTotals(row) })),
        };
      };
      const [previous, now] = [
        rows.filter(({ isPrevious }) => isPrevious),
        rows.filter(({ isPrevious }) => !isPrevious),
      ];
      return {
        from: fromMicros(from),
        to: fromMicros(to),
        bucketSeconds,
        totals: toTotals(ofPeriods.find(({ isPrevious }) => !isPrevious)),
        previous: toTotals(ofPeriods.find(({ isPrevious }) => isPrevious)),
        ...detailsOf(now, origin),
        ...(isCompared && { before: detailsOf(previous, origin - (to - from)) }),
      };
    },
  };
}

const toTotals = (row: Totals | undefined): Totals => (row ? TotalsRow.parse(row) : NOTHING);
