import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { MODEL_SQL, ownDimensions } from "./dimensions.ts";
import type { MeasurePlan } from "./measure-plan.ts";

/** Conditions over the spans of one project in one time range. */
export type Where = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };

/** The values of some spans: how many count, their sum and the sum of their squares. */
export type Sums = { readonly n: number; readonly sum: number; readonly squares: number };
export type ValueSums = Sums & {
  readonly dimension: string;
  readonly value: string;
  /** When the value was seen first, in milliseconds. */
  readonly first: number;
};
export type Pair = readonly [Part, Part];
export type Part = { readonly dimension: string; readonly value: string };

const count = z.coerce.number();
const SumsRow = z.object({ n: count, sum: count, squares: count });
const ValueRow = SumsRow.extend({ dimension: z.string(), value: z.string(), first: count });
const AffectedRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  at: count,
  value: count,
  model: z.string(),
  endpoint: z.string(),
  error_type: z.string(),
  is_worst: z.coerce.boolean(),
});
const ProviderRow = z.object({
  connection: z.string(),
  provider: z.string(),
  model: z.string(),
  attempts: count,
  errors: count,
});
export type ProviderRow = z.output<typeof ProviderRow>;
export type AffectedRow = z.output<typeof AffectedRow>;

/** Values per dimension that are read. Less frequent ones count with the rest. */
const MOST_VALUES = 500;
const MOST_PROVIDERS = 200;

type Asked = { readonly plan: MeasurePlan; readonly limit: number | null; readonly signal: AbortSignal };
type ScoresOf = (condition?: { readonly where?: string }) => string;

/** Reads the spans of an incident. No part of a statement comes from a caller: values are bound. */
export function createSpanStore(columnar: Pick<Columnar, "select">, scoresOf: ScoresOf) {
  const sourceOf = createSource(scoresOf);
  return {
    ...createValueReads(columnar, sourceOf),
    ...createPairReads(columnar, sourceOf),
    ...createAffectedReads(columnar, sourceOf),
    ...createTraceChoice(columnar, sourceOf),
    ...createProviderReads(columnar),
  };
}
export type SpanStore = ReturnType<typeof createSpanStore>;

type SourceOf = ReturnType<typeof createSource>;

/** The sums of a measure by the values of each dimension. */
const createValueReads = (columnar: Pick<Columnar, "select">, sourceOf: SourceOf) => ({
  /** The limit of a plan in a time range. Null without spans. */
  async readLimit(projectId: string, asked: Omit<Asked, "limit">, where: Where): Promise<number | null> {
    if (asked.plan.limit === null) return null;
    const [row] = await columnar.select({
      sql: `SELECT count() AS n, ${asked.plan.limit} AS bound FROM spans WHERE ${where.sql}`,
      params: { ...where.params, projectId },
      row: z.object({ n: count, bound: z.number().nullable() }),
      signal: asked.signal,
    });
    return row && row.n > 0 ? row.bound : null;
  },

  /** The sums of each value of each dimension. The dimension `` has all spans. */
  sumValues(projectId: string, asked: Asked, where: Where): Promise<ValueSums[]> {
    const { from, params } = sourceOf(projectId, asked, where);
    const pairs = Object.entries(ownDimensions).map(([name, sql]) => `('${name}', toString(${sql}))`);
    const tags = "arrayMap(tag -> ('tag', toString(tag)), tags)";
    return columnar.select({
      sql: `SELECT part.1 AS dimension, part.2 AS value, ${sumsOf(asked.plan)}, toUnixTimestamp64Milli(min(start_time)) AS first
          FROM (SELECT *, arrayJoin(arrayConcat([('', ''), ${pairs.join(", ")}], ${tags})) AS part FROM ${from})
          GROUP BY part ORDER BY n DESC, value LIMIT ${MOST_VALUES} BY dimension`,
      params,
      row: ValueRow,
      signal: asked.signal,
    });
  },
});

/** The sums of a measure by pairs of values. */
const createPairReads = (columnar: Pick<Columnar, "select">, sourceOf: SourceOf) => ({
  /** The sums of spans that have both values of a pair, in the order of the pairs. */
  async sumPairs(projectId: string, asked: Asked, { where, pairs }: { where: Where; pairs: readonly Pair[] }) {
    if (pairs.length === 0) return [];
    const { from, params } = sourceOf(projectId, asked, where);
    const isOf = ({ dimension }: Part, name: string) => {
      const sql = ownDimensions[dimension];
      return sql === undefined ? `has(tags, {${name}:String})` : `toString(${sql}) = {${name}:String}`;
    };
    const member = pairs.map(
      ([a, b], place) => `if(${isOf(a, `a${place}`)} AND ${isOf(b, `b${place}`)}, ${place}, -1)`,
    );
    const values = pairs.flatMap(([a, b], place) => [
      [`a${place}`, a.value],
      [`b${place}`, b.value],
    ]);
    const rows = await columnar.select({
      sql: `SELECT place, ${sumsOf(asked.plan)} FROM (SELECT *, arrayJoin([${member.join(", ")}]) AS place FROM ${from})
          WHERE place >= 0 GROUP BY place`,
      params: { ...params, ...Object.fromEntries(values) },
      row: SumsRow.extend({ place: count }),
      signal: asked.signal,
    });
    return pairs.map((_, place): Sums => rows.find((row) => row.place === place) ?? { n: 0, sum: 0, squares: 0 });
  },
});

type Source = { readonly from: string; readonly params: Readonly<Record<string, unknown>> };

/** The spans of a time range as a table for use after FROM. */
const createSource =
  (scoresOf: ScoresOf) =>
  (projectId: string, { plan, limit }: Asked, where: Where): Source => ({
    from: plan.score === null ? `(SELECT * FROM spans WHERE ${where.sql})` : withScore(where, scoresOf),
    params: {
      ...where.params,
      projectId,
      ...(plan.limit !== null && { limit: limit ?? 0 }),
      ...(plan.score !== null && { score: plan.score }),
    },
  });

/** How many spans are affected. */
const createAffectedReads = (columnar: Pick<Columnar, "select">, sourceOf: SourceOf) => ({
  async countAffected(projectId: string, asked: Asked, where: Where) {
    const { from, params } = sourceOf(projectId, asked, where);
    const [row] = await columnar.select({
      sql: `SELECT uniqExact(trace_id) AS traces, count() AS spans FROM ${from} WHERE ${asked.plan.isBad}`,
      params,
      row: z.object({ traces: count, spans: count }),
      signal: asked.signal,
    });
    return row ?? { traces: 0, spans: 0 };
  },
});

const createTraceChoice = (columnar: Pick<Columnar, "select">, sourceOf: SourceOf) => ({
  /** One span of each affected trace: the worst traces first, then random ones. The seed decides the random ones. */
  listAffected(projectId: string, asked: Asked, { where, seed, half }: { where: Where; seed: string; half: number }) {
    const { from, params } = sourceOf(projectId, asked, where);
    const { plan } = asked;
    const shown = plan.kind === "rate" && plan.badness !== plan.value ? plan.badness : plan.value;
    return columnar.select({
      sql: `SELECT trace_id, span_id, at, shown AS value, model, endpoint, error_type, is_worst FROM (
            SELECT *, row_number() OVER (ORDER BY badness DESC, trace_id) <= {half:UInt32} AS is_worst,
              row_number() OVER (ORDER BY cityHash64(trace_id, {seed:String}), trace_id) AS lot FROM (
              SELECT trace_id, argMax(span_id, ${plan.badness}) AS span_id, max(${plan.badness}) AS badness,
                argMax(${shown}, ${plan.badness}) AS shown, toUnixTimestamp64Milli(argMax(start_time, ${plan.badness})) AS at,
                toString(argMax(${MODEL_SQL}, ${plan.badness})) AS model, toString(argMax(spans.endpoint, ${plan.badness})) AS endpoint,
                toString(argMax(spans.error_type, ${plan.badness})) AS error_type
              FROM ${from} AS spans WHERE ${plan.isBad} GROUP BY trace_id))
          ORDER BY is_worst DESC, if(is_worst, -toFloat64(badness), toFloat64(lot)), trace_id LIMIT {most:UInt32}`,
      params: { ...params, seed, half, most: half * 2 },
      row: AffectedRow,
      signal: asked.signal,
    });
  },
});

/** How the providers answered. */
const createProviderReads = (columnar: Pick<Columnar, "select">) => ({
  /** The attempts of model calls by connection and model. Calls that did not go through the gateway have no connection. */
  listProviders(projectId: string, where: Where, signal: AbortSignal): Promise<ProviderRow[]> {
    return columnar.select({
      sql: `SELECT tried.1 AS connection, tried.2 AS provider, tried.3 AS model, count() AS attempts, countIf(tried.4) AS errors
          FROM (SELECT arrayJoin(if(empty(tries), [('', toString(provider), toString(${MODEL_SQL}), status = 'error')], tries)) AS tried
            FROM (SELECT *, arrayMap(one -> (JSONExtractString(one, 'connection'), JSONExtractString(one, 'provider'),
                JSONExtractString(one, 'model'), JSONExtractInt(one, 'status') NOT BETWEEN 200 AND 299),
                if(attempts = '', [], JSONExtractArrayRaw(attempts))) AS tries
              FROM spans WHERE ${where.sql} AND kind IN ('generation', 'embedding')))
          GROUP BY tried.1, tried.2, tried.3 HAVING model != '' ORDER BY attempts DESC LIMIT ${MOST_PROVIDERS}`,
      params: { ...where.params, projectId },
      row: ProviderRow,
      signal,
    });
  },
});

const sumsOf = ({ counts, value }: MeasurePlan): string =>
  `countIf(${counts}) AS n, sumIf(${value}, ${counts}) AS sum, sumIf(pow(${value}, 2), ${counts}) AS squares`;

/** Each span with its score: its own, or its trace's. */
function withScore(where: Where, scoresOf: ScoresOf): string {
  const of = (condition: string) =>
    `FROM ${scoresOf({ where: "name = {score:String}" })} WHERE isNotNull(value) AND span_id ${condition}`;
  return `(SELECT base.*, ifNull(own.own_score, whole.whole_score) AS score FROM (SELECT * FROM spans WHERE ${where.sql}) AS base
    LEFT JOIN (SELECT trace_id AS own_trace, span_id AS own_span, avgOrNull(value) AS own_score ${of("!= ''")} GROUP BY trace_id, span_id) AS own
      ON base.trace_id = own.own_trace AND base.span_id = own.own_span
    LEFT JOIN (SELECT trace_id AS whole_trace, avgOrNull(value) AS whole_score ${of("= ''")} GROUP BY trace_id) AS whole
      ON base.trace_id = whole.whole_trace)`;
}
