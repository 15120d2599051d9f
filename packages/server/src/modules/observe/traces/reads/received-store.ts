import type { Span } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { IN_SHARE, whereSpans } from "../filter/filter-sql.ts";
import { FullRow, toSpan } from "../rows/read-span.ts";
import { FULL } from "./store.ts";

/** Where a reader of received spans stands: behind this one. */
export type Place = { readonly receivedMs: number; readonly traceId: string; readonly spanId: string };
type ReceivedQuery = {
  readonly after: Place;
  /** Milliseconds since 1970. Spans received later than this may not all be here yet. */
  readonly beforeMs: number;
  readonly filter: string;
  readonly limit: number;
  /** The share of traces, selected by their ids. 1 by default. */
  readonly share?: number;
};

const PlaceRow = z.object({ received_ms: z.coerce.number(), trace_id: z.string(), span_id: z.string() });
const ReceivedRow = FullRow.extend(PlaceRow.shape);
/** Set on forwarded spans, which are not forwarded again. */
const FORWARDED = "treadle.forwarded";

const BETWEEN = `project_id = {projectId:String}
  AND received_at >= fromUnixTimestamp64Milli({afterMs:Int64}, 'UTC')
  AND received_at < fromUnixTimestamp64Milli({beforeMs:Int64}, 'UTC')
  AND (toUnixTimestamp64Milli(received_at), trace_id, span_id) > ({afterMs:Int64}, {afterTraceId:String}, {afterSpanId:String})`;
const PLACE = "toString(toUnixTimestamp64Milli(received_at)) AS received_ms";

/** Spans in the order they were received, for those who follow them. */
export function createReceivedStore(columnar: Columnar) {
  /** The next position if no new span matches, so that the same spans are not checked again. */
  async function newest(params: Readonly<Record<string, unknown>>): Promise<Place | null> {
    const [row] = await columnar.select({
      sql: `SELECT ${PLACE}, trace_id, span_id FROM spans WHERE ${BETWEEN}
        ORDER BY received_at DESC, trace_id DESC, span_id DESC LIMIT 1`,
      params,
      row: PlaceRow,
    });
    return row ? toPlace(row) : null;
  }

  return {
    /** Matching spans after a position, and the next position. Null if no span has arrived since. */
    async listReceived(
      projectId: string,
      { after, beforeMs, filter, limit, share = 1 }: ReceivedQuery,
    ): Promise<{ spans: Span[]; end: Place | null }> {
      // The span that names the user of a trace may come later. What follows new spans decides on each span alone.
      const where = whereSpans(projectId, { filter }, null);
      const params = {
        projectId,
        afterMs: after.receivedMs,
        afterTraceId: after.traceId,
        afterSpanId: after.spanId,
        beforeMs: Math.floor(beforeMs),
      };
      const rows = await columnar.select({
        sql: `SELECT ${FULL}, ${PLACE} FROM spans WHERE ${BETWEEN} AND ${where.sql} AND ${IN_SHARE} AND attributes['${FORWARDED}'] = ''
          ORDER BY received_at, trace_id, span_id LIMIT {limit:UInt32}`,
        params: { ...where.params, ...params, limit, share },
        row: ReceivedRow,
      });
      const last = rows.at(-1);
      return { spans: rows.map(toSpan), end: last ? toPlace(last) : await newest(params) };
    },
  };
}

const toPlace = (row: z.infer<typeof PlaceRow>): Place => ({
  receivedMs: row.received_ms,
  traceId: row.trace_id,
  spanId: row.span_id,
});
