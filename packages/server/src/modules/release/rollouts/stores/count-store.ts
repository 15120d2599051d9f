import type { RolloutGuardrail } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { ArmCounts } from "../evidence/counts.ts";
import type { RecentRequest } from "../evidence/find-burst.ts";
import { HAS_OWN_ANSWER, IS_HARD_FAILURE } from "../evidence/metric-sql.ts";
import { keyOf } from "../evidence/plan.ts";
import { armColumns, budgetsOf, rowColumns, Sums, toCounts } from "./metric-columns.ts";
import {
  ARM,
  IN_STAGE,
  isCounted,
  LIMITS,
  NOW_ASSIGNED,
  OF_ARMS,
  OF_ROLLOUT,
  paramsOf,
  rowsOf,
  type Window,
} from "./window.ts";

const count = z.coerce.number();
const ArmRow = z.object({ arm: z.string(), units: count, requests: count, sums: z.array(Sums) });
const DivisionRow = z.object({
  forced: count,
  other_unit: count,
  other_share: count,
  inside: count,
  outside: count,
  candidate_configurations: count,
  control_configurations: count,
});
const RecentRow = z.object({ at: count, is_hard: z.coerce.boolean() });
/** More requests than this within a look say the same. */
const MOST_RECENT = 20_000;

export type DivisionCounts = z.output<typeof DivisionRow>;

export type UnitCounts = {
  readonly arm: string;
  readonly units: number;
  readonly requests: number;
  /** By the key of the metric. */
  readonly metrics: ReadonlyMap<string, ArmCounts>;
};

/** `table` goes after FROM, and binds `score`. */
export type ScoreSource = { readonly score: string; readonly table: string };

type Source = Pick<Columnar, "select">;

/** What the spans of a rollout show, added up per unit by the engine. */
export const createCountStore = (columnar: Source) => ({
  ...createArmCounts(columnar),
  ...createRequestCounts(columnar),
});
export type CountStore = ReturnType<typeof createCountStore>;

const createArmCounts = (columnar: Source) => ({
  /** Units, requests and built-in metrics by arm; the arms `changed` and `earlier` are units that do not count. */
  async countUnits(
    window: Window,
    guardrails: readonly RolloutGuardrail[],
    signal: AbortSignal,
  ): Promise<UnitCounts[]> {
    const params = { ...paramsOf(window), ...budgetsOf(guardrails) };
    const rows = await columnar.select({ sql: unitsOf(window, guardrails), params, row: ArmRow, signal });
    const keys = guardrails.flatMap(({ metric }) => (metric.kind === "score" ? [] : [keyOf(metric)]));
    return rows.map(({ sums, ...row }) => ({
      ...row,
      metrics: new Map(keys.map((key, place) => [key, toCounts(sums[place])])),
    }));
  },

  /** A score by arm. A unit's value is the mean over its requests that have one. `table` holds the scores of its name. */
  async countScores(window: Window, { score, table }: ScoreSource, signal: AbortSignal): Promise<UnitCounts[]> {
    const params = { ...paramsOf(window), score };
    const rows = await columnar.select({ sql: scoresOf(window, table), params, row: ArmRow, signal });
    const key = keyOf({ kind: "score", name: score, maturityMinutes: 0 });
    return rows.map(({ sums, ...row }) => ({ ...row, metrics: new Map([[key, toCounts(sums[0])]]) }));
  },
});

const createRequestCounts = (columnar: Source) => ({
  /** What is left out, how the units are divided, and how many configurations have answered. */
  async countDivision(window: Window, dividedUntil: number, signal: AbortSignal): Promise<DivisionCounts | undefined> {
    const params = { ...paramsOf(window), dividedUntil: Math.floor(dividedUntil) };
    const [row] = await columnar.select({ sql: DIVISION, params, row: DivisionRow, signal });
    return row;
  },

  /** The candidate's requests of the window, in the order of time. */
  async listRecent(window: Window, signal: AbortSignal): Promise<RecentRequest[]> {
    const rows = await columnar.select({ sql: RECENT, params: paramsOf(window), row: RecentRow, signal });
    return rows.map(({ at, is_hard }) => ({ at, isHardFailure: is_hard })).sort((one, other) => one.at - other.at);
  },
});

const unitsOf = (
  window: Window,
  guardrails: readonly RolloutGuardrail[],
) => `SELECT ${ARM} AS arm, count() AS units, sum(candidates + controls) AS requests, [${armColumns(guardrails)}] AS sums FROM (
    SELECT assignment_bucket, countIf(counted AND variant = {candidate:String}) AS candidates,
      countIf(counted AND variant = {control:String}) AS controls, countIf(NOT in_stage) AS earlier${rowColumns(guardrails)}
    FROM (SELECT *, ${isCounted} AS counted, ${IN_STAGE} AS in_stage FROM spans WHERE ${rowsOf(window)})
    GROUP BY assignment_bucket)
  WHERE candidates + controls > 0 GROUP BY arm ${LIMITS}`;

const scoresOf = (
  window: Window,
  table: string,
) => `SELECT ${ARM} AS arm, count() AS units, sum(candidates + controls) AS requests,
    [(countIf(n > 0), sumIf(s / n, n > 0), sumIf(pow(s / n, 2), n > 0), toUInt64(0), countIf(n = 0))] AS sums FROM (
    SELECT assignment_bucket, countIf(counted AND variant = {candidate:String}) AS candidates,
      countIf(counted AND variant = {control:String}) AS controls, countIf(NOT in_stage) AS earlier,
      countIf(counted AND scored) AS n, sumIf(score, counted AND scored) AS s
    FROM (
      SELECT assignment_bucket, variant, ${isCounted} AS counted, ${IN_STAGE} AS in_stage,
        own AND (of_span.times + of_trace.times > 0) AS scored, if(of_span.times > 0, of_span.newest, of_trace.newest) AS score
      FROM (SELECT assignment_bucket, variant, propensity, start_time, trace_id, span_id, ${HAS_OWN_ANSWER} AS own
        FROM spans WHERE ${rowsOf(window)}) AS calls
      LEFT ANY JOIN (SELECT trace_id, span_id, argMax(value, time) AS newest, 1 AS times FROM ${table}
        WHERE span_id != '' AND isNotNull(value) GROUP BY trace_id, span_id) AS of_span USING (trace_id, span_id)
      LEFT ANY JOIN (SELECT trace_id, argMax(value, time) AS newest, 1 AS times FROM ${table}
        WHERE span_id = '' AND isNotNull(value) GROUP BY trace_id) AS of_trace USING (trace_id))
    GROUP BY assignment_bucket)
  WHERE candidates + controls > 0 GROUP BY arm ${LIMITS}`;

const IS_UNIT = "propensity > 0 AND assignment_unit = {unit:String}";
const IS_DIVIDED = `assignment_unit = {unit:String} AND start_time < fromUnixTimestamp64Milli({dividedUntil:Int64}, 'UTC')`;
const configurations = (variant: string) =>
  `uniqExactIf((config_hash, prompt_version), ${IS_UNIT} AND variant = {${variant}:String} AND ${NOW_ASSIGNED} AND ${HAS_OWN_ANSWER})`;
const DIVISION = `SELECT countIf(propensity = 0) AS forced, countIf(propensity > 0 AND assignment_unit != {unit:String}) AS other_unit,
    countIf(${IS_UNIT} AND ${OF_ARMS} AND NOT (${NOW_ASSIGNED})) AS other_share,
    uniqExactIf(assignment_bucket, ${IS_DIVIDED} AND assignment_bucket < {share:Float64}) AS inside,
    uniqExactIf(assignment_bucket, ${IS_DIVIDED} AND assignment_bucket >= {share:Float64}) AS outside,
    ${configurations("candidate")} AS candidate_configurations, ${configurations("control")} AS control_configurations
  FROM spans WHERE ${OF_ROLLOUT} AND ${IN_STAGE} ${LIMITS}`;

const RECENT = `SELECT toUnixTimestamp64Milli(start_time) + toInt64(duration_ms) AS at, ${IS_HARD_FAILURE} AS is_hard
  FROM spans WHERE ${OF_ROLLOUT} AND ${IN_STAGE} AND propensity > 0 AND variant = {candidate:String}
  ORDER BY start_time DESC LIMIT ${MOST_RECENT} ${LIMITS}`;
