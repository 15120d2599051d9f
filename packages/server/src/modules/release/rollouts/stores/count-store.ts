import type { RolloutGuardrail } from "@treadle/contract";
import type { CovariateSums as UnitCovariates } from "@treadle/metrics";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import {
  type Adding,
  type ArmCounts,
  armColumns,
  budgetsOf,
  CovariateSums,
  covariateTuple,
  GROUPED,
  HAS_OWN_ANSWER,
  IS_HARD_FAILURE,
  keyOf,
  LIMITS,
  meanCovariateColumns,
  PLACE,
  pairedWith,
  pastColumns,
  rowColumns,
  SCORE_SUMS,
  SINGLE,
  Sums,
  scoredSpans,
  toCounts,
  toCovariateSums,
} from "../../comparisons/index.ts";
import type { RecentRequest } from "../evidence/find-burst.ts";
import { joinPast, REQUESTS } from "./past-store.ts";
import {
  ARM,
  IN_STAGE,
  IS_COUNTED,
  IS_DIVIDED,
  IS_EARLIER,
  IS_INSIDE,
  NOW_ASSIGNED,
  OF_ARMS,
  OF_ROLLOUT,
  paramsOf,
  rowsOf,
  type Window,
} from "./window.ts";

const count = z.coerce.number();
const ArmRow = z.object({
  arm: z.string(),
  units: count,
  requests: count,
  sums: z.array(Sums),
  covariates: z.array(CovariateSums),
});
const UnitRow = ArmRow.extend({ inside: count, outside: count });
const LeftOutRow = z.object({
  forced: count,
  other_unit: count,
  other_share: count,
  candidate_configurations: count,
  control_configurations: count,
});
const RecentRow = z.object({ at: count, is_hard: z.coerce.boolean() });
/** More requests than this within a look say the same. */
const MOST_RECENT = 20_000;

export type UnitCounts = {
  readonly arm: string;
  readonly units: number;
  readonly requests: number;
  /** By the key of the metric. */
  readonly metrics: ReadonlyMap<string, ArmCounts>;
  /** By the key of the metric, where the units' past is looked at. */
  readonly covariates: ReadonlyMap<string, UnitCovariates>;
};
export type DividedUnits = UnitCounts & {
  /** Units whose bucket lies inside the candidate's share, and outside. */
  readonly inside: number;
  readonly outside: number;
};

export type LeftOutCounts = z.output<typeof LeftOutRow>;

/** The guardrails whose metrics are built in, and whether their units' past is looked at. */
type RequestSource = { readonly guardrails: readonly RolloutGuardrail[]; readonly withPast: boolean };
/** `table` goes after FROM, and binds `score`. */
export type ScoreSource = { readonly score: string; readonly table: string; readonly withPast: boolean };

type Source = Pick<Columnar, "select">;

/** What the spans of a rollout show, added up per unit by the engine. */
export const createCountStore = (columnar: Source) => ({
  ...createArmCounts(columnar),
  ...createRequestCounts(columnar),
});
export type CountStore = ReturnType<typeof createCountStore>;

const createArmCounts = (columnar: Source) => ({
  /** Units, requests and built-in metrics by arm. The units of all arms but the two are not compared. */
  async countUnits(window: Window, source: RequestSource, signal: AbortSignal): Promise<DividedUnits[]> {
    const { guardrails } = source;
    const params = { ...paramsOf(window), pastSource: REQUESTS, ...budgetsOf(guardrails) };
    const rows = await columnar.select({ sql: unitsOf(window, source), params, row: UnitRow, signal });
    const keys = guardrails.flatMap(({ metric }) => (metric.kind === "score" ? [] : [keyOf(metric)]));
    return rows.map((row) => ({ ...row, ...byKey(keys, row) }));
  },

  /** A score by arm. A unit's value is the mean over its requests that have one. `table` holds the scores of its name. */
  async countScores(window: Window, source: ScoreSource, signal: AbortSignal): Promise<UnitCounts[]> {
    const { score } = source;
    const key = keyOf({ kind: "score", name: score, maturityMinutes: 0 });
    const params = { ...paramsOf(window), score, pastSource: key };
    const rows = await columnar.select({ sql: scoresOf(window, source), params, row: ArmRow, signal });
    return rows.map((row) => ({ ...row, ...byKey([key], row) }));
  },
});

const byKey = (keys: readonly string[], { sums, covariates }: z.output<typeof ArmRow>) => ({
  metrics: new Map(keys.map((key, place) => [key, toCounts(sums[place])])),
  covariates: new Map(covariates.map((one, place) => [keys[place] ?? "", toCovariateSums(one)])),
});

const createRequestCounts = (columnar: Source) => ({
  /** Requests that are left out, and how many configurations have answered. */
  async countLeftOut(window: Window, signal: AbortSignal): Promise<LeftOutCounts | undefined> {
    const [row] = await columnar.select({ sql: LEFT_OUT, params: paramsOf(window), row: LeftOutRow, signal });
    return row;
  },

  /** The candidate's requests of the window, in the order in which they began. */
  async listRecent(window: Window, signal: AbortSignal): Promise<RecentRequest[]> {
    const rows = await columnar.select({ sql: RECENT, params: paramsOf(window), row: RecentRow, signal });
    return rows.map(({ at, is_hard }) => ({ at, isHardFailure: is_hard })).sort((one, other) => one.at - other.at);
  },
});

function unitsOf(window: Window, { guardrails, withPast }: RequestSource): string {
  const adding = addingOf(window);
  return `SELECT ${ARM} AS arm, count() AS units, sum(candidates + controls) AS requests,
      countIf(divided > 0 AND ${IS_INSIDE}) AS inside, countIf(divided > 0 AND NOT (${IS_INSIDE})) AS outside,
      [${armColumns(guardrails)}] AS sums, [${withPast ? meanCovariateColumns(guardrails) : ""}] AS covariates FROM (
      SELECT ${PLACE} AS place, ${perUnit(adding)}, ${adding.countIf(IS_DIVIDED)} AS divided${rowColumns(guardrails, adding)}
      FROM (SELECT *, ${IS_COUNTED} AS counted FROM spans WHERE ${rowsOf(window)}) ${groupBy(window)}) AS counted_units
    ${withPast ? joinPast(pastColumns(guardrails)) : ""} GROUP BY arm ${LIMITS}`;
}

function scoresOf(window: Window, { table, withPast }: ScoreSource): string {
  const adding = addingOf(window);
  const covariates = withPast ? covariateTuple(pairedWith("s / n", "n > 0", "x0")) : "";
  return `SELECT ${ARM} AS arm, count() AS units, sum(candidates + controls) AS requests, [${SCORE_SUMS}] AS sums,
      [${covariates}] AS covariates FROM (
      SELECT place, ${perUnit(adding)}, ${adding.countIf("counted AND scored")} AS n, ${adding.sumIf("ifNull(score, 0)", "counted AND scored")} AS s
      FROM (${scoredSpans({ table, where: rowsOf(window), counted: IS_COUNTED })}) ${groupBy(window)}) AS counted_units
    ${withPast ? joinPast(", means[1] AS x0") : ""} GROUP BY arm ${LIMITS}`;
}

const IS_UNIT = "propensity > 0 AND assignment_unit = {unit:String}";
const configurations = (variant: string) =>
  `uniqExactIf((config_hash, prompt_version), ${IS_UNIT} AND variant = {${variant}:String} AND ${NOW_ASSIGNED} AND ${HAS_OWN_ANSWER})`;
const LEFT_OUT = `SELECT countIf(propensity = 0) AS forced, countIf(propensity > 0 AND assignment_unit != {unit:String}) AS other_unit,
    countIf(${IS_UNIT} AND ${OF_ARMS} AND NOT (${NOW_ASSIGNED})) AS other_share,
    ${configurations("candidate")} AS candidate_configurations, ${configurations("control")} AS control_configurations
  FROM spans WHERE ${OF_ROLLOUT} AND ${IN_STAGE} ${LIMITS}`;

const RECENT = `SELECT toUnixTimestamp64Milli(start_time) AS at, ${IS_HARD_FAILURE} AS is_hard
  FROM spans WHERE ${OF_ROLLOUT} AND ${IN_STAGE} AND propensity > 0 AND variant = {candidate:String}
  ORDER BY start_time DESC LIMIT ${MOST_RECENT} ${LIMITS}`;

const addingOf = ({ unit }: Window) => (unit === "request" ? SINGLE : GROUPED);
const groupBy = ({ unit }: Window) => (unit === "request" ? "" : "GROUP BY place");

/** How many of a unit's requests each arm has answered, and whether it is older than the stage. */
const perUnit = ({ countIf }: Adding) =>
  `${countIf("counted AND variant = {candidate:String}")} AS candidates,
  ${countIf("counted AND variant = {control:String}")} AS controls, ${countIf(IS_EARLIER)} AS earlier`;
