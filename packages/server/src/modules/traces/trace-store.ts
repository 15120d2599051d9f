import { SPAN_STATUSES, type SpanFilter, type TraceSummary } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import { fromCursor, toPage } from "../../kernel/pages.ts";
import type { Columnar } from "../../platform/columnar/port.ts";
import { MODEL, whereSpans } from "./filter-store.ts";
import { fromMicros, toMicros } from "./micros.ts";

const TraceRow = z.object({
  trace_id: z.string(),
  trace_name: z.string(),
  start_micros: z.coerce.number(),
  duration_ms: z.number(),
  trace_status: z.enum(SPAN_STATUSES),
  span_count: z.coerce.number(),
  error_count: z.coerce.number(),
  models: z.array(z.string()),
  input_tokens: z.coerce.number(),
  output_tokens: z.coerce.number(),
  cost_usd: z.number().nullable(),
  user_id: z.string(),
  session_id: z.string(),
  tags: z.array(z.string()),
});

const PreviewRow = z.object({ trace_id: z.string(), root_input: z.string(), root_output: z.string() });
type Preview = z.infer<typeof PreviewRow>;

/** The span without a parent, else the one that began first, speaks for its trace. */
const ROOT_FIRST = "(parent_span_id != '', start_time, span_id)";
/** Tokens and money are counted where a model was called, not again on the steps around it. */
const IS_CALL = "kind IN ('generation', 'embedding')";

const SELECTION = `trace_id,
  argMin(name, ${ROOT_FIRST}) AS trace_name,
  min(toUnixTimestamp64Micro(start_time)) AS first_micros,
  toString(first_micros) AS start_micros,
  max(toUnixTimestamp64Micro(start_time) / 1000 + duration_ms) - first_micros / 1000 AS duration_ms,
  argMin(status, ${ROOT_FIRST}) AS trace_status,
  count() AS span_count,
  countIf(status = 'error') AS error_count,
  arraySort(groupUniqArrayIf(20)(${MODEL}, ${IS_CALL} AND ${MODEL} != '')) AS models,
  sumIf(input_tokens, ${IS_CALL}) AS input_tokens,
  sumIf(output_tokens, ${IS_CALL}) AS output_tokens,
  sumOrNullIf(cost_usd, ${IS_CALL} AND isNotNull(cost_usd)) AS cost_usd,
  argMin(user_id, (user_id = '', start_time)) AS user_id,
  argMin(session_id, (session_id = '', start_time)) AS session_id,
  arraySort(groupUniqArrayArray(20)(tags)) AS tags`;

const HOUR_MICROS = 3_600_000_000;
/** How far back one look goes, in hours; the last one has no end. */
const LOOKS_BACK = [1, 8, 48, 14 * 24, 90 * 24, null] as const;

type Query = SpanFilter & { limit: number; cursor?: string };
type Cursor = { readonly micros: string; readonly traceId: string };

/** Traces that have a span which the filter keeps, by (start, trace id), newest first. */
export function createTraceStore(columnar: Columnar) {
  /**
   * The first traces before the cursor that began at `since` or later. Such a trace has no span before `since`, so only the spans after it
   * need to be looked through for those that match; the sums are then made of all spans of the few traces found.
   */
  function look(
    projectId: string,
    { limit, filter, after, since }: { limit: number; filter: SpanFilter; after: Cursor | null; since: number | null },
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

  /** What the spans that speak for these traces say. Read for one page only: texts are the widest columns there are. */
  async function findPreviews(projectId: string, rows: readonly z.infer<typeof TraceRow>[]) {
    if (rows.length === 0) return new Map<string, Preview>();
    const found = await columnar.select({
      sql: `SELECT trace_id, argMin(input_preview, ${ROOT_FIRST}) AS root_input, argMin(output_preview, ${ROOT_FIRST}) AS root_output
        FROM spans WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}
        AND start_time BETWEEN fromUnixTimestamp64Micro({first:Int64}, 'UTC') AND fromUnixTimestamp64Micro({last:Int64}, 'UTC')
        GROUP BY trace_id`,
      params: {
        projectId,
        traceIds: rows.map(({ trace_id: traceId }) => traceId),
        first: String(Math.min(...rows.map(({ start_micros: start }) => start))),
        last: String(
          Math.ceil(Math.max(...rows.map(({ start_micros: start, duration_ms: ms }) => start + ms * 1_000))),
        ),
      },
      row: PreviewRow,
    });
    return new Map(found.map((preview) => [preview.trace_id, preview]));
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
        const previews = await findPreviews(projectId, items);
        return { items: items.map((item) => toTrace(item, previews.get(item.trace_id))), nextCursor };
      }
      return { items: [], nextCursor: null };
    },
  };
}

function readTraceCursor(cursor: string): Cursor {
  const [micros = "", traceId = ""] = fromCursor(cursor, 2).map(String);
  if (!/^-?\d{1,17}$/.test(micros))
    throw new AppError("invalid_request", {
      message: "The cursor is not one this list gave. Start again without a cursor.",
    });
  return { micros, traceId };
}

const toTrace = (row: z.infer<typeof TraceRow>, preview: Preview | undefined): TraceSummary => ({
  traceId: row.trace_id,
  name: row.trace_name,
  startTime: fromMicros(row.start_micros),
  durationMs: row.duration_ms,
  status: row.trace_status,
  spanCount: row.span_count,
  errorCount: row.error_count,
  models: row.models,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  costUsd: row.cost_usd,
  userId: row.user_id,
  sessionId: row.session_id,
  tags: row.tags,
  inputPreview: preview?.root_input ?? "",
  outputPreview: preview?.root_output ?? "",
});
