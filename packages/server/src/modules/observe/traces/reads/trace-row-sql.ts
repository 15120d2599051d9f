import { SPAN_STATUSES, type TraceSummary } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import { fromCursor } from "../../../../kernel/pages.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { MODEL } from "../filter/filter-sql.ts";
import { ROOT_FIRST } from "../filter/owner-sql.ts";
import { fromMicros } from "../rows/micros.ts";

/** A trace that a list has found: when its first and its last span began. */
export const FoundTrace = z.object({
  trace_id: z.string(),
  first_micros: z.coerce.number(),
  last_micros: z.coerce.number(),
});
type FoundTrace = z.infer<typeof FoundTrace>;

/** The columns of `FoundTrace`, grouped by `trace_id` alone: then the engine reads them from the projection `spans_times`. */
export const FOUND = `trace_id, toString(toUnixTimestamp64Micro(min(start_time))) AS first_micros,
  toString(toUnixTimestamp64Micro(max(start_time))) AS last_micros`;

const TraceRow = z.object({
  trace_id: z.string(),
  given_name: z.string(),
  root_name: z.string(),
  start_micros: z.coerce.number(),
  whole_ms: z.number(),
  root_status: z.enum(SPAN_STATUSES),
  span_count: z.coerce.number(),
  error_count: z.coerce.number(),
  models: z.array(z.string()),
  sum_input_tokens: z.coerce.number(),
  sum_output_tokens: z.coerce.number(),
  sum_cost_usd: z.number().nullable(),
  any_user_id: z.string(),
  any_session_id: z.string(),
  all_tags: z.array(z.string()),
  root_input: z.string(),
  root_output: z.string(),
  first_input: z.string(),
  last_output: z.string(),
});
type TraceRow = z.infer<typeof TraceRow>;

const PayloadRow = z.object({ trace_id: z.string(), root_input: z.string(), root_output: z.string() });

/** Tokens and money are counted where a model was called, not again on the steps around it. */
export const IS_CALL = "kind IN ('generation', 'embedding')";

const COLUMNS = `trace_id, span_id, parent_span_id, name, trace_name, kind, status, start_time, duration_ms, request_model, response_model,
  input_tokens, output_tokens, cost_usd, user_id, session_id, tags, input_preview, output_preview`;

/** No alias is a column's name: an expression that names the column would get the alias. */
const SELECTION = `trace_id,
  argMin(trace_name, (trace_name = '', start_time, span_id)) AS given_name,
  argMin(name, ${ROOT_FIRST}) AS root_name,
  min(toUnixTimestamp64Micro(start_time)) AS first_micros,
  toString(first_micros) AS start_micros,
  max(toUnixTimestamp64Micro(start_time) / 1000 + duration_ms) - first_micros / 1000 AS whole_ms,
  argMin(status, ${ROOT_FIRST}) AS root_status,
  count() AS span_count,
  countIf(status = 'error') AS error_count,
  arraySort(groupUniqArrayIf(20)(${MODEL}, ${IS_CALL} AND ${MODEL} != '')) AS models,
  sumIf(input_tokens, ${IS_CALL}) AS sum_input_tokens,
  sumIf(output_tokens, ${IS_CALL}) AS sum_output_tokens,
  sumOrNullIf(cost_usd, ${IS_CALL} AND isNotNull(cost_usd)) AS sum_cost_usd,
  argMin(user_id, (user_id = '', start_time)) AS any_user_id,
  argMin(session_id, (session_id = '', start_time)) AS any_session_id,
  arraySort(groupUniqArrayArray(20)(tags)) AS all_tags,
  argMin(input_preview, ${ROOT_FIRST}) AS root_input,
  argMin(output_preview, ${ROOT_FIRST}) AS root_output,
  argMin(input_preview, (input_preview = '', start_time, span_id)) AS first_input,
  argMin(output_preview, (output_preview = '', -toUnixTimestamp64Micro(start_time), span_id)) AS last_output`;

const OF_PAGE = `project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}
  AND start_time BETWEEN fromUnixTimestamp64Micro({first:Int64}, 'UTC') AND fromUnixTimestamp64Micro({last:Int64}, 'UTC')`;
const pageOf = (projectId: string, found: readonly FoundTrace[]) => ({
  projectId,
  traceIds: found.map(({ trace_id: traceId }) => traceId),
  first: String(Math.min(...found.map(({ first_micros: first }) => first))),
  last: String(Math.max(...found.map(({ last_micros: last }) => last))),
});

/** Sums up the traces of one page from their spans, in the order in which they were found. A span that was sent twice counts once. */
export async function sumTraces(
  columnar: Columnar,
  projectId: string,
  found: readonly FoundTrace[],
): Promise<TraceSummary[]> {
  if (found.length === 0) return [];
  const rows = await columnar.select({
    sql: `SELECT ${SELECTION} FROM (SELECT ${COLUMNS} FROM spans WHERE ${OF_PAGE} LIMIT 1 BY trace_id, span_id) GROUP BY trace_id`,
    params: pageOf(projectId, found),
    row: TraceRow,
  });
  const byId = new Map(rows.map((row) => [row.trace_id, toTrace(row)]));
  return found.flatMap(({ trace_id: traceId }) => byId.get(traceId) ?? []);
}

/** The payloads of the spans that speak for these traces, by the trace's id. */
export async function findPayloads(columnar: Columnar, projectId: string, found: readonly FoundTrace[]) {
  if (found.length === 0) return new Map<string, z.infer<typeof PayloadRow>>();
  const rows = await columnar.select({
    sql: `SELECT trace_id, argMin(input, ${ROOT_FIRST}) AS root_input, argMin(output, ${ROOT_FIRST}) AS root_output FROM spans
      WHERE ${OF_PAGE} GROUP BY trace_id`,
    params: pageOf(projectId, found),
    row: PayloadRow,
  });
  return new Map(rows.map((payload) => [payload.trace_id, payload]));
}

export type TraceCursor = { readonly micros: string; readonly traceId: string };

/** Throws `invalid_request` for an id that no list of traces returned. */
export function readTraceCursor(cursor: string): TraceCursor {
  const [micros = "", traceId = ""] = fromCursor(cursor, 2).map(String);
  if (!/^-?\d{1,17}$/.test(micros))
    throw new AppError("invalid_request", {
      message: "The cursor does not belong to this list. Start again without a cursor.",
    });
  return { micros, traceId };
}

const toTrace = (row: TraceRow): TraceSummary => ({
  traceId: row.trace_id,
  name: row.given_name || row.root_name,
  startTime: fromMicros(row.start_micros),
  durationMs: row.whole_ms,
  status: row.root_status,
  spanCount: row.span_count,
  errorCount: row.error_count,
  models: row.models,
  inputTokens: row.sum_input_tokens,
  outputTokens: row.sum_output_tokens,
  costUsd: row.sum_cost_usd,
  userId: row.any_user_id,
  sessionId: row.any_session_id,
  tags: row.all_tags,
  inputPreview: row.root_input || row.first_input,
  outputPreview: row.root_output || row.last_output,
});
