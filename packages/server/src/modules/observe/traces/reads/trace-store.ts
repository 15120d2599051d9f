import type { SpanFilter } from "@treadle/contract";
import { toPage } from "../../../../kernel/pages.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { whereSpans } from "../filter/filter-sql.ts";
import { ownersAround } from "../filter/owner-sql.ts";
import { findNewest, isSince, lookBack } from "./newest-sql.ts";
import { FOUND, FoundTrace, readTraceCursor, sumTraces, type TraceCursor } from "./trace-row-sql.ts";

type Query = SpanFilter & { limit: number; cursor?: string };
type Look = { limit: number; filter: SpanFilter; after: TraceCursor | null; since: number | null };

/** Traces with a matching span, by (start, trace id), newest first. */
export function createTraceStore(columnar: Columnar) {
  /**
   * The first traces before the cursor that started at `since` or later. Such a trace has no earlier span, so only
   * spans after `since` are searched for matches. The projection `spans_times` contains the start of each trace.
   */
  function look(projectId: string, { limit, filter, after, since }: Look) {
    const { clause, sql, params } = whereSpans(projectId, filter, ownersAround(filter, { since }));
    const having = [
      ...(since === null ? [] : ["toUnixTimestamp64Micro(min(start_time)) >= {since:Int64}"]),
      ...(after ? ["(toUnixTimestamp64Micro(min(start_time)), trace_id) < ({micros:Int64}, {traceId:String})"] : []),
    ];
    return columnar.select({
      sql: `SELECT ${FOUND} FROM spans WHERE project_id = {projectId:String}
        AND trace_id IN (SELECT trace_id FROM spans ${clause} ${sql} ${isSince(since)})
        GROUP BY trace_id ${having.length > 0 ? `HAVING ${having.join(" AND ")}` : ""}
        ORDER BY min(start_time) DESC, trace_id DESC LIMIT {rows:UInt32}`,
      params: { ...params, ...after, since, rows: limit + 1 },
      row: FoundTrace,
    });
  }

  return {
    async listPage(projectId: string, { limit, cursor, ...filter }: Query) {
      const after = cursor === undefined ? null : readTraceCursor(cursor);
      const newest = after ? Number(after.micros) : await findNewest(columnar, projectId, filter);
      // A look that would reach before `from` must also find the traces which began earlier and have a span after it.
      const rows = await lookBack({
        newest,
        from: filter.from,
        wanted: limit + 1,
        look: (since) => look(projectId, { limit, filter, after, since }),
      });
      const { items, nextCursor } = toPage(rows, limit, (last) => [String(last.first_micros), last.trace_id]);
      return { items: await sumTraces(columnar, projectId, items), nextCursor };
    },
  };
}
