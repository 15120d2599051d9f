import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { FailedRow } from "../failures/classify-span.ts";
import { createJudgementStore, type Reading } from "./judgement-store.ts";

export type SpanPlace = { readonly receivedMs: number; readonly traceId: string; readonly spanId: string };

const OwnerRow = z.object({
  trace_id: z.string(),
  user_id: z.string(),
  session_id: z.string(),
  release: z.string(),
  prompt_name: z.string(),
  prompt_version: z.string(),
  endpoint: z.string(),
});
export type OwnerRow = z.output<typeof OwnerRow>;
const StartRow = z.object({ release: z.string(), start_ms: z.coerce.number() });
const MessageRow = z.object({ key: z.string(), message: z.string() });
const ProjectRow = z.object({ project_id: z.string() });
const ErrorRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string(),
  received_ms: z.coerce.number(),
});
export type ErrorRow = z.output<typeof ErrorRow>;
/** Errors of one trace that are compared with each other. */
const MOST_ERRORS = 2_000;

/** Calls of evaluations and probes are tests, not use. */
const IN_USE = "environment NOT IN ('evaluation', 'probe')";
const FINISH = "attributes['gen_ai.response.finish_reasons']";
const HAS_SCHEMA = "kind = 'generation' AND position(parameters, '\"json_schema\"') > 0";
/** The end of an answer in its messages, for senders that do not set the attribute. */
const ODD_END =
  'match(output, \'"finish_reason":"(length|max_tokens|content_filter|refusal|safety|MAX_TOKENS|SAFETY|PROHIBITED_CONTENT)"\')';
const FAILED = `(status = 'error' OR guard_action = 'block' OR (kind = 'generation' AND (
  match(lowerUTF8(${FINISH}), 'length|max_tokens|content_filter|refusal|safety|blocklist|prohibited|recitation')
  OR position(output, '"type":"refusal"') > 0 OR ${ODD_END} OR (${HAS_SCHEMA}))))`;
const BETWEEN = `project_id = {projectId:String}
  AND received_at >= fromUnixTimestamp64Milli({afterMs:Int64}, 'UTC') AND received_at < fromUnixTimestamp64Milli({beforeMs:Int64}, 'UTC')
  AND (toUnixTimestamp64Milli(received_at), trace_id, span_id) > ({afterMs:Int64}, {afterTraceId:String}, {afterSpanId:String})`;
const columnsOf = (
  modelOfSpan: string,
) => `toString(toUnixTimestamp64Milli(received_at)) AS received_ms, toString(toUnixTimestamp64Milli(start_time)) AS start_ms,
  trace_id, span_id, kind, name, status, error_type, substringUTF8(error_message, 1, 4000) AS error_message, user_id, session_id, release,
  prompt_name, prompt_version, ${modelOfSpan} AS model, endpoint,
  firstNonDefault(attributes['http.response.status_code'], attributes['http.status_code']) AS status_code,
  attributes['gen_ai.tool.name'] AS tool_name,
  if(${FINISH} != '', ${FINISH}, extract(output, '"finish_reason":"([^"]*)"')) AS finish_reasons,
  position(output, '"type":"refusal"') > 0 AS has_refusal, guard_action, guard_kinds,
  if(${HAS_SCHEMA}, parameters, '') AS schema_parameters, if(${HAS_SCHEMA}, output, '') AS schema_output,
  toUInt32(JSONExtractInt(JSONExtractArrayRaw(attempts)[-1], 'status')) AS attempt_status`;

/** The SQL for the model of a span is given by the module of traces. */
type Selecting = { readonly columnar: Pick<Columnar, "select">; readonly modelOfSpan: string };

/** Failures in the columnar store, in the order they were received. */
export const createFailureStore = ({ columnar, modelOfSpan }: Selecting) => ({
  ...createSpansOfFailureStore({ columnar, modelOfSpan }),
  ...createErrorsOfFailureStore(columnar),
  ...createJudgementStore(columnar),
  ...createOwnersOfFailureStore(columnar),
  ...createReleaseStartsOfFailureStore(columnar),
  ...createMessagesOfFailureStore(columnar),
  ...createProjectsWithFailuresOfFailureStore(columnar),
});

const createSpansOfFailureStore = ({ columnar, modelOfSpan }: Selecting) => ({
  /** Spans that may be failures, after a position. */
  spans(after: SpanPlace, { limit, ...reading }: Reading): Promise<FailedRow[]> {
    return columnar.select({
      sql: `SELECT ${columnsOf(modelOfSpan)} FROM spans WHERE ${BETWEEN} AND ${FAILED} AND ${IN_USE}
        ORDER BY spans.received_at, trace_id, span_id LIMIT {limit:UInt32}`,
      params: { ...placeParams(after), ...reading, limit },
      row: FailedRow,
    });
  },
});

const createErrorsOfFailureStore = (columnar: Pick<Columnar, "select">) => ({
  /** The failed spans of some traces, of each the first that were received. */
  errors(projectId: string, traceIds: readonly string[]): Promise<ErrorRow[]> {
    if (traceIds.length === 0) return Promise.resolve([]);
    return columnar.select({
      sql: `SELECT trace_id, span_id, parent_span_id, toString(toUnixTimestamp64Milli(received_at)) AS received_ms FROM spans
        WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)} AND status = 'error'
        ORDER BY trace_id, spans.received_at, span_id LIMIT {most:UInt32} BY trace_id`,
      params: { projectId, traceIds: [...new Set(traceIds)], most: MOST_ERRORS },
      row: ErrorRow,
    });
  },
});

const createOwnersOfFailureStore = (columnar: Pick<Columnar, "select">) => ({
  /** What the whole traces say about their user, release and prompt. */
  owners(projectId: string, traceIds: readonly string[]): Promise<OwnerRow[]> {
    if (traceIds.length === 0) return Promise.resolve([]);
    const first = (column: string) => `anyIf(s.${column}, s.${column} != '') AS ${column}`;
    const columns = ["user_id", "session_id", "release", "prompt_name", "prompt_version", "endpoint"].map(first);
    return columnar.select({
      sql: `SELECT trace_id, ${columns.join(", ")} FROM spans AS s
        WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)} GROUP BY trace_id`,
      params: { projectId, traceIds: [...new Set(traceIds)] },
      row: OwnerRow,
    });
  },
});

const createReleaseStartsOfFailureStore = (columnar: Pick<Columnar, "select">) => ({
  /** When the first span of each release started. */
  async releaseStarts(projectId: string, releases: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (releases.length === 0) return new Map();
    const rows = await columnar.select({
      sql: `SELECT release, toString(toUnixTimestamp64Milli(min(start_time))) AS start_ms FROM spans
        WHERE project_id = {projectId:String} AND release IN {releases:Array(String)} GROUP BY release`,
      params: { projectId, releases: [...new Set(releases)] },
      row: StartRow,
    });
    return new Map(rows.map((row) => [row.release, row.start_ms]));
  },
});

const createMessagesOfFailureStore = (columnar: Pick<Columnar, "select">) => ({
  /** The texts of occurrences that still exist, by the key of the occurrence. */
  async messages(projectId: string, traceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (traceIds.length === 0) return new Map();
    const isOne = "project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}";
    const text = (column: string) => `substringUTF8(${column}, 1, 1000) AS message`;
    const rows = await columnar.select({
      sql: `SELECT concat(trace_id, ' ', span_id) AS key, ${text("if(error_message != '', error_message, output_preview)")} FROM spans WHERE ${isOne}
        UNION ALL SELECT concat('score ', trace_id, ' ', span_id, ' ', name) AS key, ${text("comment")} FROM scores WHERE ${isOne}
        UNION ALL SELECT concat('feedback ', slot) AS key, ${text("comment")} FROM (
          SELECT slot, comment, is_retracted FROM feedback WHERE ${isOne} ORDER BY version DESC LIMIT 1 BY slot) WHERE NOT is_retracted`,
      params: { projectId, traceIds: [...new Set(traceIds)] },
      row: MessageRow,
    });
    return new Map(rows.map(({ key, message }) => [key, message]));
  },
});

const createProjectsWithFailuresOfFailureStore = (columnar: Pick<Columnar, "select">) => ({
  /** The projects among these that have failures since a time. */
  async projectsWithFailures(projectIds: readonly string[], sinceMs: number): Promise<string[]> {
    if (projectIds.length === 0) return [];
    const rows = await columnar.select({
      sql: `SELECT DISTINCT project_id FROM spans WHERE project_id IN {projectIds:Array(String)}
        AND received_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC') AND status = 'error' AND NOT is_sample`,
      params: { projectIds: [...projectIds], sinceMs },
      row: ProjectRow,
    });
    return rows.map((row) => row.project_id);
  },
});

export type FailureStore = ReturnType<typeof createFailureStore>;

const placeParams = ({ receivedMs, traceId, spanId }: SpanPlace) => ({
  afterMs: receivedMs,
  afterTraceId: traceId,
  afterSpanId: spanId,
});
