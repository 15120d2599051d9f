import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Where } from "../metrics/metrics-store.ts";
import { type ExportColumn, SPAN_COLUMNS } from "./export-columns.ts";

/** Rows in memory at a time. With payloads, each can be large. */
const PAGE_ROWS = 2_000;
const PAGE_ROWS_WITH_PAYLOADS = 100;

const PageRow = z.looseObject({ cursor_micros: z.string(), cursor_span: z.string() });
const Count = z.object({ count: z.coerce.number() });

type Width = { readonly isWithPayloads: boolean; readonly hasContent: boolean };
type Order = Width & { readonly limit: number; readonly signal: AbortSignal };

const columnsOf = ({ isWithPayloads, hasContent }: Width) =>
  SPAN_COLUMNS.filter(({ isPayload, isContent }) => (isWithPayloads || !isPayload) && (hasContent || !isContent));

/** A text of JSON and not of the engine: a time with its T and Z. */
const asText = ({ name, sql }: ExportColumn) =>
  name === "startTime" ? `formatDateTime(start_time, '%Y-%m-%dT%H:%i:%S.%fZ')` : sql;

/** Reads the rows of files. */
export function createExportStore(columnar: Columnar) {
  return {
    columnsOf,

    async countSpans(where: Where, signal: AbortSignal): Promise<number> {
      const sql = `SELECT count() AS count FROM spans WHERE ${where.sql}`;
      const [row] = await columnar.select({ sql, params: where.params, row: Count, signal });
      return row?.count ?? 0;
    },

    async countTraces(where: Where, signal: AbortSignal): Promise<number> {
      const sql = `SELECT uniqExact(trace_id) AS count FROM spans WHERE ${where.sql}`;
      const [row] = await columnar.select({ sql, params: where.params, row: Count, signal });
      return row?.count ?? 0;
    },

    /** Newest first, a page at a time; each row holds the values of the columns. */
    async *readSpans(where: Where, { limit, signal, ...width }: Order): AsyncGenerator<unknown[][]> {
      const columns = columnsOf(width);
      const selected = columns.map((column, place) => `${asText(column)} AS column_${place}`).join(", ");
      const pageRows = width.isWithPayloads ? PAGE_ROWS_WITH_PAYLOADS : PAGE_ROWS;
      let after: { micros: string; spanId: string } | null = null;
      for (let left = limit; left > 0; ) {
        const isAfter = after
          ? " AND (start_time, span_id) < (fromUnixTimestamp64Micro({micros:Int64}, 'UTC'), {spanId:String})"
          : "";
        const rows: z.infer<typeof PageRow>[] = await columnar.select({
          sql: `SELECT ${selected}, toString(toUnixTimestamp64Micro(start_time)) AS cursor_micros, span_id AS cursor_span
            FROM spans WHERE ${where.sql}${isAfter} ORDER BY start_time DESC, span_id DESC LIMIT {rows:UInt32}`,
          params: { ...where.params, ...after, rows: Math.min(left, pageRows) },
          row: PageRow,
          signal,
        });
        if (rows.length > 0) yield rows.map((row) => columns.map((_, place) => row[`column_${place}`]));
        const last = rows.at(-1);
        if (last === undefined || rows.length < pageRows) return;
        after = { micros: last.cursor_micros, spanId: last.cursor_span };
        left -= rows.length;
      }
    },

    /** The same as one Parquet file. */
    spansAsParquet(where: Where, { limit, signal, ...width }: Order): Promise<Buffer> {
      const selected = columnsOf(width).map(({ name, sql }) => `${sql} AS ${name}`);
      return columnar.selectBytes({
        sql: `SELECT ${selected.join(", ")} FROM (SELECT * FROM spans WHERE ${where.sql})
          ORDER BY start_time DESC, span_id DESC LIMIT {rows:UInt32} ${PARQUET}`,
        params: { ...where.params, rows: limit },
        signal,
      });
    },

    tracesAsParquet(
      projectId: string,
      where: Where,
      { limit, hasContent, signal }: Omit<Order, "isWithPayloads">,
    ): Promise<Buffer> {
      return columnar.selectBytes({
        sql: `SELECT ${hasContent ? `${TRACE_SELECTION}, ${TRACE_PREVIEWS}` : TRACE_SELECTION} FROM spans AS s
          WHERE s.project_id = {projectId:String} AND s.trace_id IN (SELECT trace_id FROM spans WHERE ${where.sql})
          GROUP BY s.trace_id ORDER BY startTime DESC, traceId DESC LIMIT {rows:UInt32} ${PARQUET}`,
        params: { ...where.params, projectId, rows: limit },
        signal,
      });
    },
  };
}

const PARQUET =
  "SETTINGS output_format_parquet_string_as_string = 1, output_format_parquet_compression_method = 'zstd', max_memory_usage = 2147483648 FORMAT Parquet";

const ROOT_FIRST = "(s.parent_span_id != '', s.start_time, s.span_id)";
const IS_CALL = "s.kind IN ('generation', 'embedding')";
const MODEL = "if(s.response_model != '', s.response_model, s.request_model)";
const TRACE_SELECTION = `s.trace_id AS traceId,
  argMin(if(s.trace_name != '', s.trace_name, s.name), ${ROOT_FIRST}) AS name,
  min(s.start_time) AS startTime,
  max(toUnixTimestamp64Micro(s.start_time) / 1000 + s.duration_ms) - min(toUnixTimestamp64Micro(s.start_time)) / 1000 AS durationMs,
  argMin(s.status, ${ROOT_FIRST}) AS status,
  count() AS spanCount,
  countIf(s.status = 'error') AS errorCount,
  arraySort(groupUniqArrayIf(20)(${MODEL}, ${IS_CALL} AND ${MODEL} != '')) AS models,
  sumIf(s.input_tokens, ${IS_CALL}) AS inputTokens,
  sumIf(s.output_tokens, ${IS_CALL}) AS outputTokens,
  sumOrNullIf(s.cost_usd, ${IS_CALL} AND isNotNull(s.cost_usd)) AS costUsd,
  argMin(s.user_id, (s.user_id = '', s.start_time)) AS userId,
  argMin(s.session_id, (s.session_id = '', s.start_time)) AS sessionId,
  arraySort(groupUniqArrayArray(20)(s.tags)) AS tags`;
const TRACE_PREVIEWS = `argMin(s.input_preview, ${ROOT_FIRST}) AS inputPreview,
  argMin(s.output_preview, ${ROOT_FIRST}) AS outputPreview`;
