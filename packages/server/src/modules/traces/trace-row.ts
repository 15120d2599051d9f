import { SPAN_STATUSES, type TraceSummary } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import { fromCursor } from "../../kernel/pages.ts";
import type { Columnar } from "../../platform/columnar/port.ts";
import { MODEL } from "./filter-store.ts";
import { fromMicros } from "./micros.ts";

/** A trace as it is summed up from its spans. */
export const TraceRow = z.object({
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

type TraceRow = z.infer<typeof TraceRow>;

const PreviewRow = z.object({ trace_id: z.string(), root_input: z.string(), root_output: z.string() });
type Preview = z.infer<typeof PreviewRow>;

/** The span without a parent, else the one that began first, speaks for its trace. */
const ROOT_FIRST = "(parent_span_id != '', start_time, span_id)";
/** Tokens and money are counted where a model was called, not again on the steps around it. */
const IS_CALL = "kind IN ('generation', 'embedding')";

/** The columns of `TraceRow`; `first_micros` is its start as a number. */
export const SELECTION = `trace_id,
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

/** What the spans that speak for these traces say. Read for one page only: texts are the widest columns there are. */
export async function findPreviews(columnar: Columnar, projectId: string, rows: readonly TraceRow[]) {
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
      last: String(Math.ceil(Math.max(...rows.map(({ start_micros: start, duration_ms: ms }) => start + ms * 1_000)))),
    },
    row: PreviewRow,
  });
  return new Map(found.map((preview) => [preview.trace_id, preview]));
}

/** The payloads of the spans that speak for these traces. */
export async function findPayloads(columnar: Columnar, projectId: string, traceIds: readonly string[]) {
  const found = await columnar.select({
    sql: `SELECT trace_id, argMin(input, ${ROOT_FIRST}) AS root_input, argMin(output, ${ROOT_FIRST}) AS root_output FROM spans
      WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)} GROUP BY trace_id`,
    params: { projectId, traceIds },
    row: PreviewRow,
  });
  return new Map(found.map((payload) => [payload.trace_id, payload]));
}

export type TraceCursor = { readonly micros: string; readonly traceId: string };

/** Throws `invalid_request` for one that no list of traces gave. */
export function readTraceCursor(cursor: string): TraceCursor {
  const [micros = "", traceId = ""] = fromCursor(cursor, 2).map(String);
  if (!/^-?\d{1,17}$/.test(micros))
    throw new AppError("invalid_request", {
      message: "The cursor is not one this list gave. Start again without a cursor.",
    });
  return { micros, traceId };
}

export const toTrace = (row: z.infer<typeof TraceRow>, preview: Preview | undefined): TraceSummary => ({
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
