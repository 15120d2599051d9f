import { z } from "zod";
import type { Columnar } from "../../../platform/columnar/port.ts";
import {
  type ArmCounts,
  armColumns,
  budgetsOf,
  LIMITS,
  type Measure,
  PLACE,
  rowColumns,
  SCORE_SUMS,
  Sums,
  scoredSpans,
  toCounts,
} from "../comparisons/index.ts";

type Window = {
  readonly projectId: string;
  readonly endpoint: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Tests with adaptive shares, and the end of each one's holdout. Beyond it, shares follow the results. */
  readonly tests: readonly string[];
  readonly holdouts: readonly number[];
};
/** `table` goes after FROM, and binds `score`. */
type ScoreSource = { readonly score: string; readonly table: string };

/** What a variant's units have shown on a day. */
export type DayCounts = { readonly day: string; readonly variant: string; readonly counts: readonly ArmCounts[] };

const count = z.coerce.number();
const DayRow = z.object({ day: z.string(), variant: z.string(), sums: z.array(Sums) });
const UnitRow = z.object({ variant: z.string(), units: count });

/** The requests of an endpoint whose variant was drawn at random, by day. */
export const createFrontierStore = (columnar: Pick<Columnar, "select">) => ({
  /** One entry of `counts` for each measure that is not a score. */
  async countDays(window: Window, measures: readonly Pick<Measure, "metric">[]): Promise<DayCounts[]> {
    const params = { ...window, ...budgetsOf(measures) };
    return toDays(await columnar.select({ sql: daysOf(measures), params, row: DayRow }));
  },

  /** One entry of `counts`: the score. */
  async countScores(window: Window, { score, table }: ScoreSource): Promise<DayCounts[]> {
    return toDays(await columnar.select({ sql: scoresOf(table), params: { ...window, score }, row: DayRow }));
  },

  /** Units over all days. A user of several days is one. */
  async countUnits(window: Window): Promise<ReadonlyMap<string, number>> {
    const rows = await columnar.select({ sql: UNITS, params: window, row: UnitRow });
    return new Map(rows.map(({ variant, units }) => [variant, units]));
  },
});

const toDays = (rows: readonly z.output<typeof DayRow>[]): DayCounts[] =>
  rows.map(({ day, variant, sums }) => ({ day, variant, counts: sums.map(toCounts) }));

const ROWS = `project_id = {projectId:String} AND endpoint = {endpoint:String} AND propensity > 0 AND variant != ''
  AND start_time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
  AND NOT arrayExists((test, holdout) -> rollout_id = test AND assignment_bucket >= holdout,
    {tests:Array(String)}, {holdouts:Array(Float64)})`;
const DAY = "toString(toDate(start_time, 'UTC'))";
/** A user is the same in each rollout and test. The other units are known by their place only. */
const UNIT = `if(assignment_unit = 'user' AND user_id != '', cityHash64(user_id), toUInt64(${PLACE}))`;

const daysOf = (measures: readonly Pick<Measure, "metric">[]) =>
  `SELECT day, toString(variant) AS variant, [${armColumns(measures)}] AS sums FROM (
    SELECT day, variant, unit${rowColumns(measures)}
    FROM (SELECT *, ${DAY} AS day, ${UNIT} AS unit, true AS counted FROM spans WHERE ${ROWS})
    GROUP BY day, variant, unit) GROUP BY day, variant ORDER BY day, variant ${LIMITS}`;

const scoresOf = (table: string) =>
  `SELECT day, toString(variant) AS variant, [${SCORE_SUMS}] AS sums FROM (
    SELECT day, variant, unit, countIf(scored) AS n, sumIf(ifNull(score, 0), scored) AS s
    FROM (${scoredSpans({
      table,
      where: ROWS,
      counted: "true",
      columns: [
        ["day", DAY],
        ["unit", UNIT],
      ],
    })}) GROUP BY day, variant, unit) GROUP BY day, variant ORDER BY day, variant ${LIMITS}`;

const UNITS = `SELECT toString(variant) AS variant, uniqExact(${UNIT}) AS units FROM spans WHERE ${ROWS}
  GROUP BY variant ${LIMITS}`;
