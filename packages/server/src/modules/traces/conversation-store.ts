import { toPage } from "../../kernel/pages.ts";
import type { Columnar } from "../../platform/columnar/port.ts";
import { fromJson } from "./read-span.ts";
import { findPayloads, findPreviews, readTraceCursor, SELECTION, TraceRow, toTrace } from "./trace-row.ts";

/** The traces of a session, read like a conversation. */
export const createConversationStore = (columnar: Columnar) => ({
  /** A session's traces, oldest first, with what went in and what came out. */
  async listPage(projectId: string, sessionId: string, { limit, cursor }: { limit: number; cursor?: string }) {
    const after = cursor === undefined ? null : readTraceCursor(cursor);
    const rows = await columnar.select({
      sql: `SELECT ${SELECTION} FROM spans WHERE project_id = {projectId:String}
      AND trace_id IN (SELECT trace_id FROM spans WHERE project_id = {projectId:String} AND session_id = {sessionId:String})
      GROUP BY trace_id ${after ? "HAVING (first_micros, trace_id) > ({micros:Int64}, {traceId:String})" : ""}
      ORDER BY first_micros, trace_id LIMIT {rows:UInt32}`,
      params: { projectId, sessionId, ...after, rows: limit + 1 },
      row: TraceRow,
    });
    const { items, nextCursor } = toPage(rows, limit, (last) => [String(last.start_micros), last.trace_id]);
    const [previews, payloads] = await Promise.all([
      findPreviews(columnar, projectId, items),
      findPayloads(
        columnar,
        projectId,
        items.map(({ trace_id: traceId }) => traceId),
      ),
    ]);
    return {
      items: items.map((item) => ({
        ...toTrace(item, previews.get(item.trace_id)),
        input: fromJson(payloads.get(item.trace_id)?.root_input ?? ""),
        output: fromJson(payloads.get(item.trace_id)?.root_output ?? ""),
      })),
      nextCursor,
    };
  },
});
