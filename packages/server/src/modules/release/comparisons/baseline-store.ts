import { z } from "zod";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { ArmCounts } from "./counts.ts";
import { keyOf, type Measure } from "./measure.ts";
import { armColumns, budgetsOf, rowColumns, Sums, toCounts } from "./metric-columns.ts";
import { HAS_OWN_ANSWER, LIMITS } from "./metric-sql.ts";

/** The control's requests before a rollout. */
export type Past = {
  readonly projectId: string;
  readonly endpoint: string;
  readonly control: string;
  readonly unit: string;
  /** Milliseconds since 1970. */
  readonly from: number;
};

const count = z.coerce.number();
const number = z.number().nullable();
const TotalRow = z.object({ units: count, requests: count, p95_ms: number, p95_ttft_ms: number });
const UnitRow = z.object({ sums: z.array(Sums) });
const ScoreRow = z.object({ sums: Sums });

const OF_CONTROL = `project_id = {projectId:String} AND endpoint = {endpoint:String}
  AND start_time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')`;
const COUNTED = "variant = {control:String} AND assignment_unit = {unit:String}";
const OK = "variant = {control:String} AND status = 'ok'";

/** What the control did before, for the budgets of a rollout and for an estimate. */
export const createBaselineStore = (columnar: Pick<Columnar, "select">) => ({
  /** Units and requests of the endpoint, all variants together, and the control's 95th percentiles. Null without requests. */
  async total(past: Past): Promise<BaselineTotal> {
    const [row] = await columnar.select({ sql: TOTAL, params: past, row: TotalRow });
    return row ?? { units: 0, requests: 0, p95_ms: null, p95_ttft_ms: null };
  },

  /** The built-in metrics of the control's units, by key. */
  async countUnits(past: Past, measures: readonly Pick<Measure, "metric">[]): Promise<ReadonlyMap<string, ArmCounts>> {
    const params = { ...past, ...budgetsOf(measures) };
    const [row] = await columnar.select({ sql: unitsOf(measures), params, row: UnitRow });
    const builtIn = measures.filter(({ metric }) => metric.kind !== "score");
    return new Map(builtIn.map(({ metric }, place) => [keyOf(metric), toCounts(row?.sums[place])]));
  },

  /** A score of the control's requests, each as a unit. */
  async countScores(past: Past, { score, table }: { readonly score: string; readonly table: string }) {
    const [row] = await columnar.select({ sql: scoresIn(table), params: { ...past, score }, row: ScoreRow });
    return toCounts(row?.sums);
  },
});
export type BaselineStore = ReturnType<typeof createBaselineStore>;
export type BaselineTotal = z.output<typeof TotalRow>;

const TOTAL = `SELECT uniqExactIf(assignment_bucket, assignment_unit = {unit:String}) AS units, countIf(assignment_unit = {unit:String}) AS requests,
    if(countIf(${OK}) > 0, quantileIf(0.95)(duration_ms, ${OK}), NULL) AS p95_ms,
    if(countIf(${OK} AND isNotNull(ttft_ms)) > 0, quantileIf(0.95)(ifNull(ttft_ms, 0), ${OK} AND isNotNull(ttft_ms)), NULL) AS p95_ttft_ms
  FROM spans WHERE ${OF_CONTROL} ${LIMITS}`;

const unitsOf = (measures: readonly Pick<Measure, "metric">[]) =>
  `SELECT [${armColumns(measures)}] AS sums FROM (SELECT assignment_bucket${rowColumns(measures)}
    FROM (SELECT *, true AS counted FROM spans WHERE ${OF_CONTROL} AND ${COUNTED}) GROUP BY assignment_bucket) ${LIMITS}`;

const scoresIn = (table: string) => `SELECT (count(), sum(newest), sum(newest * newest), 0, 0) AS sums FROM (
    SELECT argMax(value, time) AS newest FROM ${table} WHERE isNotNull(value) AND (trace_id, span_id) IN (
      SELECT trace_id, span_id FROM spans WHERE ${OF_CONTROL} AND ${COUNTED} AND ${HAS_OWN_ANSWER}
      UNION ALL SELECT trace_id, '' FROM spans WHERE ${OF_CONTROL} AND ${COUNTED} AND ${HAS_OWN_ANSWER})
    GROUP BY trace_id, span_id) ${LIMITS}`;
