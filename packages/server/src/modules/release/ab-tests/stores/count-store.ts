import type { CovariateSums as UnitCovariates } from "@treadle/metrics";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import {
  armColumns,
  budgetsOf,
  CovariateSums,
  covariateColumns,
  keyOf,
  LIMITS,
  type Measure,
  PLACE,
  rowColumns,
  SCORE_SUMS,
  Sums,
  scoredSpans,
  toCounts,
  toCovariateSums,
} from "../../comparisons/index.ts";
import type { ArmData, ArmsData } from "./arm-data.ts";

/** The requests of a test that are looked at. Times are milliseconds since 1970. */
export type Window = {
  readonly projectId: string;
  readonly abTestId: string;
  readonly endpoint: string;
  readonly unit: string;
  readonly arms: readonly string[];
  readonly from: number;
  readonly until: number;
  /** Units whose bucket is below this are looked at. The holdout comes first. */
  readonly below: number;
};
/** For `below`: all units. */
export const EVERYWHERE = 2;

/** By what units are divided into segments. null for one segment with all of them. */
export type SegmentBy =
  | { readonly kind: "tag" | "propensity" }
  | { readonly kind: "metadata"; readonly key: string }
  | null;
/** `table` goes after FROM, and binds `score`. */
type ScoreSource = { readonly score: string; readonly table: string };
type Source = Pick<Columnar, "select">;

const count = z.coerce.number();
const ArmRow = z.object({ segment: z.string(), arm: z.string(), units: count, requests: count, sums: z.array(Sums) });
const CovariateRow = z.object({ arm: z.string(), sums: z.array(CovariateSums) });
const LeftOutRow = z.object({ forced: count, other_unit: count, outside: count });
const DividedRow = z.object({ place: count, units: count });

/** More segments than a page shows. */
const MOST_ROWS = 5_000;

/** What the spans of a test show, added up per unit by the engine. */
export const createCountStore = (columnar: Source) => ({
  ...createUnitCounts(columnar),
  ...createRequestCounts(columnar),
});
export type CountStore = ReturnType<typeof createCountStore>;

const createUnitCounts = (columnar: Source) => ({
  /** Units, requests and built-in metrics by segment and arm. Several arms have answered the units of the arm `*`. */
  async countUnits(window: Window, measures: readonly Measure[], by: SegmentBy) {
    const params = { ...paramsOf(window, by), ...budgetsOf(measures) };
    const rows = await columnar.select({ sql: unitsOf(measures, by), params, row: ArmRow });
    const keys = measures.flatMap(({ metric }) => (metric.kind === "score" ? [] : [keyOf(metric)]));
    return bySegment(rows, keys);
  },

  /** A score by segment and arm. A unit's value is the mean over its requests that have one. */
  async countScores(window: Window, { score, table }: ScoreSource, by: SegmentBy) {
    const params = { ...paramsOf(window, by), score };
    const rows = await columnar.select({ sql: scoresOf(table, by), params, row: ArmRow });
    return bySegment(rows, [keyOf({ kind: "score", name: score, maturityMinutes: 0 })]);
  },

  /** The users' values in the test and before it, by arm and metric. */
  async countCovariates(window: Window & { readonly pastFrom: number }, measures: readonly Measure[]) {
    const params = { ...paramsOf(window, null), pastFrom: Math.floor(window.pastFrom), ...budgetsOf(measures) };
    const rows = await columnar.select({ sql: covariatesOf(measures), params, row: CovariateRow });
    const keys = measures.flatMap(({ metric }) => (metric.kind === "score" ? [] : [keyOf(metric)]));
    return new Map(
      keys.map((key, place): [string, ReadonlyMap<string, UnitCovariates>] => [
        key,
        new Map(rows.map(({ arm, sums }) => [arm, toCovariateSums(sums[place])])),
      ]),
    );
  },
});

const createRequestCounts = (columnar: Source) => ({
  /** Requests that are left out, and units outside the holdout. */
  async countLeftOut(window: Window) {
    const [row] = await columnar.select({ sql: LEFT_OUT, params: paramsOf(window, null), row: LeftOutRow });
    return row ?? { forced: 0, other_unit: 0, outside: 0 };
  },

  /** Units by the arm that their bucket lies in, whichever answered. `edges` are the ends of the arms' shares. */
  async countDivided(window: Window, edges: readonly number[]): Promise<readonly number[]> {
    const params = { ...paramsOf(window, null), edges: edges.map((edge) => edge * 2 ** 32) };
    const rows = await columnar.select({ sql: DIVIDED, params, row: DividedRow });
    return edges.map((_, place) => rows.find((row) => row.place === place + 1)?.units ?? 0);
  },
});

function bySegment(rows: readonly z.output<typeof ArmRow>[], keys: readonly string[]): Map<string, ArmsData> {
  const segments = new Map<string, Map<string, ArmData>>();
  for (const { segment, arm, units, requests, sums } of rows) {
    const arms = segments.get(segment) ?? new Map<string, ArmData>();
    const metrics = new Map(keys.map((key, place) => [key, toCounts(sums[place])]));
    segments.set(segment, arms.set(arm, { units, requests, metrics }));
  }
  return segments;
}

const paramsOf = ({ arms, from, until, ...window }: Window, by: SegmentBy) => ({
  ...window,
  arms: [...arms],
  from: Math.floor(from),
  until: Math.floor(until),
  segmentKey: by?.kind === "metadata" ? by.key : "",
});

const time = (name: string) => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
const OF_TEST = `project_id = {projectId:String} AND rollout_id = {abTestId:String}
  AND start_time >= ${time("from")} AND start_time < ${time("until")}`;
const IS_INSIDE = "(assignment_bucket < {below:Float64})";
const ROWS = `${OF_TEST} AND ${IS_INSIDE} AND assignment_unit = {unit:String}`;
const COUNTED = "(propensity > 0 AND variant IN {arms:Array(String)})";
/** Empty for a unit without a request that counts, and `*` for a unit that several arms have answered. */
const ARM = "if(uniqExactIf(variant, counted) > 1, '*', toString(anyIf(variant, counted)))";

function segmentOf(by: SegmentBy): string {
  if (by === null) return "''";
  if (by.kind === "propensity") return "if(propensity > 0, toString(propensity), '')";
  return by.kind === "tag" ? "arrayJoin(arrayDistinct(tags))" : "metadata[{segmentKey:String}]";
}
const isSegment = (by: SegmentBy) => (by === null ? "true" : "segment != ''");

const unitsOf = (measures: readonly Measure[], by: SegmentBy) =>
  `SELECT toString(segment) AS segment, arm, count() AS units, sum(requests) AS requests, [${armColumns(measures)}] AS sums FROM (
    SELECT segment, place, ${ARM} AS arm, countIf(counted) AS requests${rowColumns(measures)}
    FROM (SELECT *, ${segmentOf(by)} AS segment, ${PLACE} AS place, ${COUNTED} AS counted FROM spans WHERE ${ROWS})
    WHERE ${isSegment(by)} GROUP BY segment, place)
  WHERE arm != '' GROUP BY segment, arm ORDER BY units DESC LIMIT ${MOST_ROWS} ${LIMITS}`;

const scoresOf = (table: string, by: SegmentBy) =>
  `SELECT toString(segment) AS segment, arm, count() AS units, sum(requests) AS requests, [${SCORE_SUMS}] AS sums FROM (
    SELECT segment, place, ${ARM} AS arm, countIf(counted) AS requests, countIf(counted AND scored) AS n,
      sumIf(ifNull(score, 0), counted AND scored) AS s
    FROM (${scoredSpans({ table, where: ROWS, counted: COUNTED, columns: [["segment", segmentOf(by)]] })})
    WHERE ${isSegment(by)} GROUP BY segment, place)
  WHERE arm != '' GROUP BY segment, arm ORDER BY units DESC LIMIT ${MOST_ROWS} ${LIMITS}`;

const covariatesOf = (measures: readonly Measure[]) =>
  `SELECT arm, [${covariateColumns(measures)}] AS sums FROM (
    SELECT ${PLACE} AS place, any(user_id) AS user, ${ARM} AS arm${rowColumns(measures)}
    FROM (SELECT *, ${COUNTED} AS counted FROM spans WHERE ${ROWS}) GROUP BY place) AS units
  INNER JOIN (
    SELECT user_id AS user${rowColumns(measures)} FROM (
      SELECT *, true AS counted FROM spans WHERE project_id = {projectId:String} AND endpoint = {endpoint:String}
        AND start_time >= ${time("pastFrom")} AND start_time < ${time("from")} AND user_id != '')
    GROUP BY user_id) AS past ON units.user = past.user
  WHERE arm NOT IN ('', '*') GROUP BY arm ${LIMITS}`;

const LEFT_OUT = `SELECT countIf(${IS_INSIDE} AND propensity = 0) AS forced,
    countIf(${IS_INSIDE} AND propensity > 0 AND assignment_unit != {unit:String}) AS other_unit,
    uniqExactIf(${PLACE}, NOT ${IS_INSIDE} AND propensity > 0 AND assignment_unit = {unit:String}) AS outside
  FROM spans WHERE ${OF_TEST} ${LIMITS}`;

const DIVIDED = `SELECT arrayFirstIndex(edge -> toFloat64(unit) < edge, {edges:Array(Float64)}) AS place, count() AS units FROM (
    SELECT ${PLACE} AS unit FROM spans WHERE ${ROWS} GROUP BY unit) GROUP BY place ${LIMITS}`;
