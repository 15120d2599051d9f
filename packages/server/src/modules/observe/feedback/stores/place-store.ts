import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";

const TraceRow = z.object({ project_id: z.string(), trace_id: z.string(), is_deleted: z.coerce.boolean() });
const AnswerRow = z.object({
  project_id: z.string(),
  trace_id: z.string(),
  span_id: z.string(),
  response_id: z.string(),
});
const SlotRow = z.object({
  feedback_id: z.string(),
  slot: z.string(),
  name: z.string(),
  trace_id: z.string(),
  span_id: z.string(),
  session_id: z.string(),
  response_id: z.string(),
  user_id: z.string(),
  given_by: z.string(),
  source: z.string(),
  body_hash: z.string(),
  micros: z.coerce.number(),
});
export type StoredSlot = z.output<typeof SlotRow>;
export type TraceKnown = z.output<typeof TraceRow>;
export type AnswerKnown = z.output<typeof AnswerRow>;

const RESPONSE_ID = "attributes['gen_ai.response.id']";

/** Asks which of the things that feedback is about are known, many at once. */
export const createPlaceStore = (columnar: Pick<Columnar, "select">) => ({
  /** Where traces are, in all projects, and which of them were deleted. */
  listTraces: (traceIds: readonly string[]): Promise<TraceKnown[]> =>
    columnar.select({
      sql: `SELECT project_id, trace_id, 0 AS is_deleted FROM spans WHERE trace_id IN {traceIds:Array(String)} GROUP BY project_id, trace_id
        UNION ALL SELECT project_id, trace_id, 1 AS is_deleted FROM deleted_traces WHERE trace_id IN {traceIds:Array(String)}`,
      params: { traceIds },
      row: TraceRow,
    }),

  /**
   * The spans of the answers with these ids; the newest of several. An attribute that looks like JSON is stored in
   * quotes.
   */
  listAnswers: (projectIds: readonly string[], responseIds: readonly string[]): Promise<AnswerKnown[]> =>
    columnar.select({
      sql: `SELECT project_id, argMax(spans.trace_id, start_time) AS trace_id, argMax(spans.span_id, start_time) AS span_id,
          trim(BOTH '"' FROM ${RESPONSE_ID}) AS response_id
        FROM spans WHERE project_id IN {projectIds:Array(String)} AND ${RESPONSE_ID} IN {responseIds:Array(String)}
        GROUP BY project_id, response_id`,
      params: { projectIds, responseIds: [...responseIds, ...responseIds.map((id) => JSON.stringify(id))] },
      row: AnswerRow,
    }),

  /** Feedback by its ids, each as it was given. */
  listSlots: (projectId: string, feedbackIds: readonly string[]): Promise<StoredSlot[]> =>
    columnar.select({
      sql: `SELECT feedback_id, slot, name, trace_id, span_id, session_id, response_id, user_id, given_by, source, body_hash,
          toString(toUnixTimestamp64Micro(time)) AS micros
        FROM feedback WHERE project_id = {projectId:String} AND feedback_id IN {feedbackIds:Array(String)} AND NOT is_retracted
        ORDER BY version DESC, trace_id != '' DESC LIMIT 1 BY feedback_id`,
      params: { projectId, feedbackIds },
      row: SlotRow,
    }),

  /** Entries that wait for their answers, longest first. */
  listWaiting: (projectId: string, { since, limit }: { since: string; limit: number }) =>
    columnar.select({
      sql: `SELECT answer AS response_id FROM (
          SELECT slot, any(response_id) AS answer, argMax(is_retracted, version) AS is_gone, min(version) AS came
          FROM feedback WHERE project_id = {projectId:String} AND trace_id = '' AND response_id != ''
            AND time >= parseDateTime64BestEffort({since:String}, 6, 'UTC')
          GROUP BY slot)
        WHERE NOT is_gone GROUP BY answer ORDER BY min(came) LIMIT {limit:UInt32}`,
      params: { projectId, since, limit },
      row: z.object({ response_id: z.string() }),
    }),
});
export type PlaceStore = ReturnType<typeof createPlaceStore>;
