import type { SpanFilter } from "@treadle/contract";
import { z } from "zod";
import { toPage } from "../../kernel/pages.ts";
import type { Columnar } from "../../platform/columnar/port.ts";
import { whereSpans } from "./filter-store.ts";
import { toMicros } from "./micros.ts";
import { findPreviews, readTraceCursor, SELECTION, type TraceCursor, TraceRow, toTrace } from "./trace-row.ts";

const HOUR_MICROS = 3_600_000_000;
/** How far back one look goes, in hours; the last one has no end. */
const LOOKS_BACK = [1, 8, 48, 14 * 24, 90 * 24, null] as const;

type Query = SpanFilter & { limit: number; cursor?: string };

/** Traces that have a span which the filter keeps, by (start, trace id), newest first. */
export function createTraceStore(columnar: Columnar) {
  /**
   * The first traces before the cursor that began at `since` or later. Such a trace has no span before `since`, so only the spans after it
   * need to be looked through for those that match; the sums are then made of all spans of the few traces found.
   */
  function look(
    projectId: string,
    {
      limit,
      filter,
      after,
      since,
    }: { limit: number; filter: SpanFilter; after: TraceCursor | null; since: number | null },
  ) {
    const where = whereSpans(projectId, filter);
    const isRecent = since === null ? "" : "AND start_time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')";
    const having = [
      ...(since === null ? [] : ["first_micros >= {since:Int64}"]),
      ...(after ? ["(first_micros, trace_id) < ({micros:Int64}, {traceId:String})"] : []),
    ];
    return columnar.select({
      sql: `SELECT ${SELECTION} FROM spans
        WHERE project_id = {projectId:String} AND trace_id IN (SELECT trace_id FROM spans WHERE ${where.sql} ${isRecent})
        GROUP BY trace_id ${having.length > 0 ? `HAVING ${having.join(" AND ")}` : ""}
        ORDER BY first_micros DESC, trace_id DESC LIMIT {rows:UInt32}`,
      params: { ...where.params, ...after, since, rows: limit + 1 },
      row: TraceRow,
    });
  }

  /** When the last span began that the filter keeps. */
  async function findNewest(projectId: string, filter: SpanFilter): Promise<number | null> {
    const where = whereSpans(projectId, filter);
    const [found] = await columnar.select({
      sql: `SELECT toString(max(toUnixTimestamp64Micro(start_time))) AS micros, count() > 0 AS is_any FROM spans WHERE ${where.sql}`,
      params: where.params,
      row: z.object({ micros: z.coerce.number(), is_any: z.coerce.boolean() }),
    });
    return found?.is_any ? found.micros : null;
  }

  return {
    async listPage(projectId: string, { limit, cursor, ...filter }: Query) {
      const after = cursor === undefined ? null : readTraceCursor(cursor);
      const newest = after ? Number(after.micros) : await findNewest(projectId, filter);
      if (newest === null) return { items: [], nextCursor: null };
      const oldest = filter.from ? toMicros(filter.from) : Number.NEGATIVE_INFINITY;
      for (const hours of LOOKS_BACK) {
        const since = hours === null ? null : newest - hours * HOUR_MICROS;
        // A look that would reach before `from` must also find the traces which began earlier and have a span after it.
        if (since !== null && since <= oldest) continue;
        const rows = await look(projectId, { limit, filter, after, since });
        if (rows.length <= limit && since !== null) continue;
        const { items, nextCursor } = toPage(rows, limit, (last) => [String(last.start_micros), last.trace_id]);
        const previews = await findPreviews(columnar, projectId, items);
        return { items: items.map((item) => toTrace(item, previews.get(item.trace_id))), nextCursor };
      }
      return { items: [], nextCursor: null };
    },
  };
}
