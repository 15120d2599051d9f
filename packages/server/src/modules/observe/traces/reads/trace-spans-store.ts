import type { Span } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { FullRow, toSpan } from "../rows/read-span.ts";
import { FULL } from "./store.ts";

/** The limits of a response for one trace: spans and bytes, except that the first span is always included. */
const MAX_SPANS = 5_000;
const MAX_BYTES = 32 * 1024 * 1024;

export type TraceSpans = { readonly spans: (Span & { isSample: boolean })[]; readonly isCut: boolean };

/** A place in the order in which the spans of a trace are given. */
const PlaceRow = z.object({ micros: z.string(), span_id: z.string() });
const SizeRow = PlaceRow.extend({ bytes: z.coerce.number() });
type Place = z.infer<typeof PlaceRow>;

export const OF_TRACE = "project_id = {projectId:String} AND trace_id = {traceId:String}";
const PLACE = "toString(toUnixTimestamp64Micro(start_time)) AS micros, span_id";
const UP_TO = "(start_time, span_id) <= (fromUnixTimestamp64Micro({micros:Int64}, 'UTC'), {spanId:String})";
const paramsOf = ({ micros, span_id: spanId }: Place) => ({ micros, spanId });
const BYTES = `length(input) + length(output) + length(parameters) + length(attempts) + length(events) + length(links)
  + arraySum(text -> length(text), mapValues(metadata)) + arraySum(text -> length(text), mapValues(attributes))`;

const ExtentRow = z.object({
  rows: z.coerce.number(),
  bytes: z.coerce.number(),
  first: z.string(),
  last: z.string(),
});
type Ids = { readonly projectId: string; readonly traceId: string };

/** Most traces have at most this number of rows. They are read immediately, without counting first. */
export const FEW = 200;
/**
 * The rows of a small trace. The engine stops after one row too many, so a trace of a million rows costs no more, and
 * it gives up if the rows exceed a response.
 */
const IF_LITTLE = `SELECT ${FULL} FROM (SELECT * FROM spans WHERE ${OF_TRACE} LIMIT ${FEW + 1}) ORDER BY start_time, span_id
  SETTINGS max_result_bytes = ${MAX_BYTES}, result_overflow_mode = 'throw'`;
/** The engine's number for a result that is larger than it may be: TOO_MANY_ROWS_OR_BYTES. */
const TOO_MUCH = "396";

/** Conditions for the rows between two times: the engine finds them by time, which is quicker than by the trace's id. */
const WITHIN =
  "AND start_time BETWEEN fromUnixTimestamp64Micro({first:Int64}, 'UTC') AND fromUnixTimestamp64Micro({last:Int64}, 'UTC')";

/**
 * The size and time of a trace, without reading it. Null if it has no spans. The bytes of its payloads are included on
 * request.
 */
export async function findExtent(columnar: Columnar, { withBytes, ...ids }: Ids & { withBytes: boolean }) {
  const [extent] = await columnar.select({
    sql: `SELECT count() AS rows, ${withBytes ? `sum(${BYTES})` : "0"} AS bytes, toString(toUnixTimestamp64Micro(min(start_time))) AS first,
        toString(toUnixTimestamp64Micro(max(start_time))) AS last
      FROM spans WHERE ${OF_TRACE}`,
    params: ids,
    row: ExtentRow,
  });
  if (!extent || extent.rows === 0) return null;
  const { rows, bytes, first, last } = extent;
  return { rows, bytes, within: { sql: WITHIN, params: { first, last } } };
}

/**
 * The end of the first `most` rows of a trace. Null if it has no more. The engine's memory is limited to this number,
 * however many there are.
 */
export async function findEnd(columnar: Columnar, { most, ...ids }: Ids & { most: number }) {
  const [last, beyond] = await columnar.select({
    sql: `SELECT ${PLACE} FROM spans WHERE ${OF_TRACE} ORDER BY start_time, span_id LIMIT 2 OFFSET ${most - 1}`,
    params: ids,
    row: PlaceRow,
  });
  return last && beyond ? { sql: `AND ${UP_TO}`, params: paramsOf(last) } : null;
}

/** The spans of a trace with their payloads. */
export function createTraceSpanStore(columnar: Columnar) {
  /** The rows that fit into an answer, by their sizes, which are known without holding them. */
  async function findLast(ids: Ids) {
    const end = await findEnd(columnar, { ...ids, most: MAX_SPANS });
    const sizes = await columnar.select({
      sql: `SELECT ${PLACE}, ${BYTES} AS bytes FROM spans WHERE ${OF_TRACE} ${end?.sql ?? ""}
        ORDER BY start_time, span_id LIMIT 1 BY span_id`,
      params: { ...ids, ...end?.params },
      row: SizeRow,
    });
    let left = MAX_BYTES;
    const tooMany = sizes.findIndex(({ bytes }, index) => {
      left -= bytes;
      return left < 0 && index > 0;
    });
    return { last: sizes.at(tooMany < 0 ? -1 : tooMany - 1), isCut: end !== null || tooMany >= 0 };
  }

  /** The rows of a trace as long as they are few and hold little; null otherwise. */
  async function readFew(ids: Ids) {
    try {
      const rows = await columnar.select({ sql: IF_LITTLE, params: ids, row: FullRow });
      return rows.length <= FEW
        ? [...Map.groupBy(rows, (row) => row.span_id).values()].flatMap(([first]) => first ?? [])
        : null;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === TOO_MUCH) return null;
      throw error;
    }
  }

  return {
    /** The first spans of a trace in order of their start. A span that was sent twice is returned once. */
    async list(projectId: string, traceId: string): Promise<TraceSpans> {
      const ids = { projectId, traceId };
      const few = await readFew(ids);
      if (few) return { spans: few.map(toSpan), isCut: false };
      const extent = await findExtent(columnar, { ...ids, withBytes: true });
      if (!extent) return { spans: [], isCut: false };
      const isSmall = extent.rows <= MAX_SPANS && extent.bytes <= MAX_BYTES;
      const { last, isCut } = isSmall ? { last: undefined, isCut: false } : await findLast(ids);
      const { within } = extent;
      const rows = await columnar.select({
        sql: `SELECT ${FULL} FROM spans WHERE ${OF_TRACE} ${within.sql} ${last ? `AND ${UP_TO}` : ""}
          ORDER BY start_time, span_id LIMIT 1 BY span_id`,
        params: { ...ids, ...within.params, ...(last && paramsOf(last)) },
        row: FullRow,
      });
      return { spans: rows.map(toSpan), isCut };
    },
  };
}
