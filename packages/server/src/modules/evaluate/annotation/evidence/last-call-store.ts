import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";

const KeyRow = z.object({ trace_id: z.string(), span_id: z.string() });
const CallRow = KeyRow.extend({ session_id: z.string(), asked: z.string(), micros: z.coerce.number() });
export type CallRow = z.output<typeof CallRow>;

const BATCH = 500;
const MOST_CALLS = 20_000;

/** The span with a trace's answer, and a session's calls with the same input. */
export const createLastCallStore = (columnar: Pick<Columnar, "select">) => ({
  /** The last call of a model in each trace; of a trace without one, the span that began it. */
  async listAnswers(projectId: string, traceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const spanIds = new Map<string, string>();
    for (let at = 0; at < traceIds.length; at += BATCH) {
      const rows = await columnar.select({
        sql: `SELECT trace_id, argMax(span_id, (kind = 'generation', parent_span_id = '', start_time)) AS span_id
          FROM spans WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)} GROUP BY trace_id`,
        params: { projectId, traceIds: traceIds.slice(at, at + BATCH) },
        row: KeyRow,
      });
      for (const { trace_id, span_id } of rows) spanIds.set(trace_id, span_id);
    }
    return spanIds;
  },

  /** Calls of models in sessions, oldest first, with what stands for their input. */
  listCalls: (projectId: string, sessionIds: readonly string[]): Promise<CallRow[]> =>
    columnar.select({
      sql: `SELECT trace_id, span_id, session_id, toString(cityHash64(input)) AS asked,
          toString(toUnixTimestamp64Micro(start_time)) AS micros
        FROM spans WHERE project_id = {projectId:String} AND session_id IN {sessionIds:Array(String)} AND kind = 'generation'
        ORDER BY start_time, span_id LIMIT ${MOST_CALLS}`,
      params: { projectId, sessionIds: [...sessionIds] },
      row: CallRow,
    }),
});
