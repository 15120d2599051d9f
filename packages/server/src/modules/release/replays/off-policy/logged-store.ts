import type { OffPolicyMetric } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { scoresOf } from "../../../observe/traces/index.ts";

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
const LIMITS = "SETTINGS max_execution_time = 60";

const OF_ENDPOINT = `project_id = {projectId:String} AND endpoint = {endpoint:String} AND variant != ''
  AND start_time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND start_time < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`;

/** More than one attempt, of which the last one asked another model. */
const FELL_BACK = `(position(attempts, '},{') > 0 AND
  (JSONExtractString(attempts, 1, 'model') != JSONExtractString(attempts, -1, 'model')
    OR JSONExtractString(attempts, 1, 'connection') != JSONExtractString(attempts, -1, 'connection')))`;

/** The calls of an endpoint whose variant was drawn at random, added up per unit. */
export const createLoggedStore = (columnar: Pick<Columnar, "select">) => ({
  async listUnits(window: LoggedWindow, signal: AbortSignal): Promise<LoggedUnit[]> {
    return columnar.select({ sql: unitsOf(window.metric), params: paramsOf(window), row: UnitRow, signal });
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

const unitsOf = (metric: OffPolicyMetric) => `SELECT variant, propensity,
    concat(toString(endpoint_version), ' ', rollout_id) AS choice, toString(toDate(min(start_time))) AS day,
    count() AS calls, countIf(isNotNull(value)) AS valued, sum(ifNull(value, 0)) AS total
  FROM (${callsOf(metric)})
  GROUP BY assignment_unit, assignment_bucket, variant, propensity, endpoint_version, rollout_id
  ORDER BY cityHash64(assignment_unit, assignment_bucket, variant, propensity) LIMIT ${MOST_UNITS} ${LIMITS}`;

const FIELDS = "start_time, variant, propensity, endpoint_version, rollout_id, assignment_unit, assignment_bucket";

function callsOf(metric: OffPolicyMetric): string {
  if (metric.kind === "score") return scoredCalls();
  return `SELECT ${FIELDS}, ${valueSql(metric.kind)} AS value FROM spans WHERE ${OF_ENDPOINT} AND propensity > 0`;
}

function valueSql(kind: "error" | "cost" | "latency"): string {
  switch (kind) {
    case "error":
      return `toNullable(toFloat64(status = 'error' OR ${FELL_BACK}))`;
    case "cost":
      return "toNullable(toFloat64(cost_usd))";
    case "latency":
      return "toNullable(toFloat64(duration_ms))";
    default:
      return kind satisfies never;
  }
}

/** The score of the call, otherwise that of its trace. The quality of a fallback's answer says nothing about the variant. */
function scoredCalls(): string {
  const table = scoresOf({ where: "name = {score:String}" });
  const newest = (id: string, where: string) =>
    `(SELECT ${id} AS id, argMax(value, time) AS newest, 1 AS times FROM ${table} WHERE ${where} AND isNotNull(value) GROUP BY id)`;
  return `SELECT ${FIELDS}, multiIf(NOT own, NULL, of_span.times > 0, of_span.newest, of_trace.times > 0, of_trace.newest, NULL) AS value
    FROM (SELECT ${FIELDS}, cityHash64(trace_id, span_id) AS span, cityHash64(trace_id) AS trace,
        (status = 'ok' AND NOT ${FELL_BACK}) AS own FROM spans WHERE ${OF_ENDPOINT} AND propensity > 0) AS calls
    LEFT ANY JOIN ${newest("cityHash64(trace_id, span_id)", "span_id != ''")} AS of_span ON calls.span = of_span.id
    LEFT ANY JOIN ${newest("cityHash64(trace_id)", "span_id = ''")} AS of_trace ON calls.trace = of_trace.id`;
}
