import type { OffPolicyMetric } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { LIMITS, metricSql, PLACE, scoredSpans } from "../../comparisons/index.ts";

const count = z.coerce.number();
const UnitRow = z.object({
  variant: z.string(),
  propensity: z.number(),
  choice: z.string(),
  day: z.string(),
  calls: count,
  valued: count,
  total: z.number(),
});
/** A unit that was assigned at random, with the sum of the metric over its calls that have a value. */
export type LoggedUnit = z.output<typeof UnitRow>;
const LeftOutRow = z.object({ without_propensity: count });

export type LoggedWindow = {
  readonly projectId: string;
  readonly endpoint: string;
  readonly metric: OffPolicyMetric;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
};

/** More units are not read: their estimate would not be much narrower. */
export const MOST_UNITS = 200_000;

/** The scores of a name as a table to go after FROM, as the module of traces writes it. */
type ScoresOf = (condition: { readonly where: string }) => string;

const OF_ENDPOINT = `project_id = {projectId:String} AND endpoint = {endpoint:String} AND variant != ''
  AND start_time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND start_time < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`;
const IS_DRAWN = `${OF_ENDPOINT} AND propensity > 0`;

/** The calls of an endpoint whose variant was drawn at random, added up per unit. */
export const createLoggedStore = (columnar: Pick<Columnar, "select">, scoresOf: ScoresOf) => ({
  async listUnits(window: LoggedWindow, signal: AbortSignal): Promise<LoggedUnit[]> {
    const sql = unitsOf(callsOf(window.metric, scoresOf));
    return columnar.select({ sql, params: paramsOf(window), row: UnitRow, signal });
  },

  /** Calls whose variant was not drawn. */
  async countForced(window: LoggedWindow, signal: AbortSignal): Promise<number> {
    const sql = `SELECT countIf(propensity = 0) AS without_propensity FROM spans WHERE ${OF_ENDPOINT} ${LIMITS}`;
    const [row] = await columnar.select({ sql, params: paramsOf(window), row: LeftOutRow, signal });
    return row?.without_propensity ?? 0;
  },
});

const paramsOf = ({ metric, ...window }: LoggedWindow) => ({
  ...window,
  from: Math.floor(window.from),
  to: Math.floor(window.to),
  ...(metric.kind === "score" && { score: metric.name }),
});

const unitsOf = (calls: string) => `SELECT variant, propensity,
    concat(toString(endpoint_version), ' ', rollout_id) AS choice, toString(toDate(min(start_time))) AS day,
    count() AS calls, countIf(isNotNull(value)) AS valued, sum(ifNull(value, 0)) AS total
  FROM (${calls})
  GROUP BY assignment_unit, place, variant, propensity, endpoint_version, rollout_id
  ORDER BY cityHash64(assignment_unit, place, variant, propensity) LIMIT ${MOST_UNITS} ${LIMITS}`;

const KEYS = ["propensity", "endpoint_version", "rollout_id", "assignment_unit"] as const;
const FIELDS = `variant, start_time, ${KEYS.join(", ")}`;

/** Each call with its value, which is null for a call without one. */
function callsOf(metric: OffPolicyMetric, scoresOf: ScoresOf): string {
  if (metric.kind === "score") return scoredCalls(scoresOf({ where: "name = {score:String}" }));
  const { has, value } = valueSql(metric.kind);
  return `SELECT ${FIELDS}, ${PLACE} AS place, if(${has}, toNullable(toFloat64(${value})), NULL) AS value FROM spans WHERE ${IS_DRAWN}`;
}

/** The latency in milliseconds. The other metrics have the same values as in comparisons of variants. */
function valueSql(kind: "error" | "cost" | "latency") {
  const sql = kind === "latency" ? { has: "true", value: "duration_ms" } : metricSql({ kind }, "");
  if (!sql) throw new Error(`The metric "${kind}" has no column.`);
  return sql;
}

/** The score of the call, otherwise the score of its trace. The quality of a fallback's answer says nothing about the variant. */
function scoredCalls(table: string): string {
  const columns = KEYS.map((name) => [name, name] as [name: string, sql: string]);
  const calls = scoredSpans({ table, where: IS_DRAWN, counted: "true", columns });
  return `SELECT ${FIELDS}, place, if(scored, toNullable(score), NULL) AS value FROM (${calls})`;
}
