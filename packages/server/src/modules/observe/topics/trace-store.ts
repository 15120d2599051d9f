import { z } from "zod";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { RunPlan } from "./schema.ts";

type Where = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };
/** The SQL of traces and scores that their module gives. */
export type SpanSql = {
  whereSpans(projectId: string, plan: RunPlan): Where;
  aroundPeriod(period: { readonly from: number; readonly to: number }): Where;
  scoresOf(): string;
};
type Selecting = { readonly columnar: Pick<Columnar, "select">; readonly spanSql: SpanSql };

const TraceRow = z.object({
  trace_id: z.string(),
  at_ms: z.coerce.number(),
  text: z.string(),
  has_error: z.coerce.number(),
  cost_usd: z.number().nullable(),
  whole_ms: z.number(),
});
export type TraceRow = z.output<typeof TraceRow>;
const Count = z.object({ count: z.coerce.number() });
const FeedbackRow = z.object({ trace_id: z.string(), mean: z.number() });
const TextRow = z.object({ trace_id: z.string(), text: z.string() });

/** Calls of evaluations and probes are tests, not use. */
const IN_USE = "environment NOT IN ('evaluation', 'probe')";
const MOST_TEXT = 1_000;
const TEXT = `substringUTF8(argMinIf(input_preview, start_time, parent_span_id = '' AND input_preview != ''), 1, ${MOST_TEXT})`;

/** The traces whose topics are found. */
export const createTopicTraceStore = (selecting: Selecting) => ({
  ...createCountOfTopicTraceStore(selecting),
  ...createListOfTopicTraceStore(selecting),
  ...createFeedbackOfTopicTraceStore(selecting),
});

const createCountOfTopicTraceStore = ({ columnar, spanSql }: Selecting) => ({
  /** How many traces match. */
  async count(projectId: string, plan: RunPlan): Promise<number> {
    const where = spanSql.whereSpans(projectId, plan);
    const [row] = await columnar.select({
      sql: `SELECT uniqExact(trace_id) AS count FROM spans WHERE ${where.sql} AND ${IN_USE}`,
      params: where.params,
      row: Count,
    });
    return row?.count ?? 0;
  },
});

const createListOfTopicTraceStore = ({ columnar, spanSql }: Selecting) => ({
  /** The traces with the text of the input that started them. Of more traces, the same sample each time. */
  list(projectId: string, plan: RunPlan): Promise<TraceRow[]> {
    const where = spanSql.whereSpans(projectId, plan);
    const around = spanSql.aroundPeriod({ from: Date.parse(plan.from) * 1_000, to: Date.parse(plan.to) * 1_000 });
    return columnar.select({
      sql: `SELECT trace_id, toString(toUnixTimestamp64Milli(min(s.start_time))) AS at_ms, ${TEXT.replaceAll("input_preview", "s.input_preview").replaceAll("start_time", "s.start_time")} AS text,
          max(s.status = 'error') AS has_error, sumOrNull(s.cost_usd) AS cost_usd,
          max(toUnixTimestamp64Milli(s.start_time) + s.duration_ms) - min(toUnixTimestamp64Milli(s.start_time)) AS whole_ms
        FROM spans AS s WHERE project_id = {projectId:String}${around.sql} AND trace_id IN (
          SELECT trace_id FROM spans WHERE ${where.sql} AND ${IN_USE} GROUP BY trace_id ORDER BY cityHash64(trace_id) LIMIT {most:UInt32})
        GROUP BY trace_id ORDER BY cityHash64(trace_id)`,
      params: { ...where.params, ...around.params, projectId, most: plan.mostTraces },
      row: TraceRow,
    });
  },
});

const createFeedbackOfTopicTraceStore = ({ columnar, spanSql }: Selecting) => ({
  /** The mean of the numeric feedback on each trace. */
  async feedback(projectId: string, plan: RunPlan): Promise<ReadonlyMap<string, number>> {
    const rows = await columnar.select({
      sql: `SELECT trace_id, avg(assumeNotNull(value)) AS mean FROM ${spanSql.scoresOf()}
        WHERE source = 'feedback' AND isNotNull(value) AND time >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') GROUP BY trace_id`,
      params: { projectId, fromMs: Date.parse(plan.from) },
      row: FeedbackRow,
    });
    return new Map(rows.map((row) => [row.trace_id, row.mean]));
  },

  /** The texts of some traces that still exist. */
  async texts(projectId: string, traceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (traceIds.length === 0) return new Map();
    const rows = await columnar.select({
      sql: `SELECT trace_id, ${TEXT} AS text FROM spans
        WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)} GROUP BY trace_id`,
      params: { projectId, traceIds: [...new Set(traceIds)] },
      row: TextRow,
    });
    return new Map(rows.map((row) => [row.trace_id, row.text]));
  },
});
