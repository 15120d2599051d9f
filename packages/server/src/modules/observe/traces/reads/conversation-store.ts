import type { SessionTrace } from "@treadle/contract";
import { toPage } from "../../../../kernel/pages.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { fromJson } from "../rows/read-span.ts";
import { FOUND, FoundTrace, findPayloads, readTraceCursor, sumTraces } from "./trace-row-sql.ts";

/** The traces of a session, read like a conversation. */
export const createConversationStore = (columnar: Columnar) => ({
  /** Oldest first, with input and output. */
  async listPage(projectId: string, sessionId: string, { limit, cursor }: { limit: number; cursor?: string }) {
    const after = cursor === undefined ? null : readTraceCursor(cursor);
    const isAfter = "HAVING (toUnixTimestamp64Micro(min(start_time)), trace_id) > ({micros:Int64}, {traceId:String})";
    const rows = await columnar.select({
      sql: `SELECT ${FOUND} FROM spans WHERE project_id = {projectId:String}
        AND trace_id IN (SELECT trace_id FROM spans WHERE project_id = {projectId:String} AND session_id = {sessionId:String})
        GROUP BY trace_id ${after ? isAfter : ""} ORDER BY min(start_time), trace_id LIMIT {rows:UInt32}`,
      params: { projectId, sessionId, ...after, rows: limit + 1 },
      row: FoundTrace,
    });
    const { items: found, nextCursor } = toPage(rows, limit, (last) => [String(last.first_micros), last.trace_id]);
    const [traces, payloads] = await Promise.all([
      sumTraces(columnar, projectId, found),
      findPayloads(columnar, projectId, found),
    ]);
    const items = traces.map((trace): SessionTrace => {
      const payload = payloads.get(trace.traceId);
      return { ...trace, input: fromJson(payload?.root_input ?? ""), output: fromJson(payload?.root_output ?? "") };
    });
    return { items, nextCursor };
  },
});
