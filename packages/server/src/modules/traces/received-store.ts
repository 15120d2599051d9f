import type { Span } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../platform/columnar/port.ts";
import { IN_SHARE, whereSpans } from "./filter-store.ts";
import { FullRow, toSpan } from "./read-span.ts";
import { FULL } from "./store.ts";

/** Where a reader of received spans stands: behind this one. */
export type Place = { readonly receivedMs: number; readonly traceId: string; readonly spanId: string };
type ReceivedQuery = {
  readonly after: Place;
  /** Milliseconds since 1970. Spans received later than this may not all be here yet. */
  readonly beforeMs: number;
  readonly filter: string;
  readonly limit: number;
  /** Of all traces, chosen by their ids; 1 when left out. */
  readonly share?: number;
};

const PlaceRow = z.object({ received_ms: z.coerce.number(), trace_id: z.string(), span_id: z.string() });
const ReceivedRow = FullRow.extend(PlaceRow.shape);
/** Set on what was sent on before: such spans are not sent on again. */
const FORWARDED = "treadle.forwarded";

const BETWEEN = `project_id = {projectId:String}
  AND received_at >= fromUnixTimestamp64Milli({afterMs:Int64}, 'UTC')
  AND received_at < fromUnixTimestamp64Milli({beforeMs:Int64}, 'UTC')
  AND (toUnixTimestamp64Milli(received_at), trace_id, span_id) > ({afterMs:Int64}, {afterTraceId:String}, {afterSpanId:String})`;
const PLACE = "toString(toUnixTimestamp64Milli(received_at)) AS received_ms";

/** Spans in the order they were received, for those who follow them. */
export function createReceivedStore(columnar: Columnar) {
  /** Where to go on when the filter keeps nothing of what has come: the same spans need not be looked at again. */
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
    /** The spans behind a place that the filter keeps, and the place to go on from; null when nothing has come since. */
    async listReceived(
      projectId: string,
      { after, beforeMs, filter, limit, share = 1 }: ReceivedQuery,
    ): Promise<{ spans: Span[]; end: Place | null }> {
      const where = whereSpans(projectId, { filter });
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
