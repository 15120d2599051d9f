import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { createAffectedStore } from "./affected-store.ts";
import { ownDimensions } from "./dimensions.ts";
import type { MeasurePlan } from "./measure-plan.ts";
import { type Asked, createSource, type ScoresOf, type SourceOf, type Where } from "./span-source-store.ts";

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
/** Values per dimension that are read. Less frequent ones count with the rest. */
const MOST_VALUES = 500;

/** Reads the spans of an incident. No part of a statement comes from a caller: values are bound. */
export function createSpanStore(columnar: Pick<Columnar, "select">, scoresOf: ScoresOf) {
  const sourceOf = createSource(scoresOf);
  return {
    ...createValueReads(columnar, sourceOf),
    ...createPairReads(columnar, sourceOf),
    ...createAffectedStore(columnar, sourceOf),
  };
}
export type SpanStore = ReturnType<typeof createSpanStore>;

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

const sumsOf = ({ counts, value }: MeasurePlan): string =>
  `countIf(${counts}) AS n, sumIf(${value}, ${counts}) AS sum, sumIf(pow(${value}, 2), ${counts}) AS squares`;
