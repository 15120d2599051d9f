import type { createExploreServices } from "../../packages/server/src/modules/observe/explore/index.ts";
import type { createTraceReads } from "../../packages/server/src/modules/observe/traces/reads/reads.ts";
import { BLOCK_ROWS, type SpanTable, traceOf } from "./span-traces.ts";

type Question = {
  readonly name: string;
  readonly goalMs: number;
  /** The question to the modules. Each round asks for a little less time. */
  ask(round: number): () => Promise<unknown>;
  /** Statements with the same result, sent at once. */
  sql(round: number): readonly string[];
};

const DAY_MS = 86_400_000;
const SUMMARY = `toString(toUnixTimestamp64Micro(start_time)) AS t, trace_id, span_id, parent_span_id, name, kind, service, environment, provider,
  request_model, response_model, endpoint, status, error_type, error_message, user_id, session_id, tags, duration_ms, ttft_ms, input_tokens,
  output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, cost_usd, is_cache_hit, is_sample, config_hash, input_preview,
  output_preview, scope_name, dialect, trace_name, prompt_name, prompt_version, release`;
const TOTALS = `count() AS requests, countIf(status = 'error') AS errors, sum(input_tokens) AS tokens_in, sum(output_tokens) AS tokens_out,
  sum(cost_usd) AS usd, countIf(isNull(cost_usd) AND (status != 'error' OR input_tokens + output_tokens > 0)) AS unpriced,
  quantile(0.5)(duration_ms) AS p50, quantile(0.95)(duration_ms) AS p95,
  quantileIf(0.5)(assumeNotNull(ttft_ms), isNotNull(ttft_ms)) AS f50, quantileIf(0.95)(assumeNotNull(ttft_ms), isNotNull(ttft_ms)) AS f95`;
const IS_CALL = "kind IN ('generation', 'embedding')";
const IS_FAILED = "request_model = 'gpt-4.1' AND status = 'error' AND duration_ms > 2000";
const MODEL = "if(response_model != '', response_model, request_model)";
const ROOT_FIRST = "(parent_span_id != '', start_time, span_id)";
const TRACE = `trace_id, argMin(name, ${ROOT_FIRST}) AS root, min(start_time) AS first, max(start_time) AS last, count() AS spans,
  countIf(status = 'error') AS errors, groupUniqArray(20)(${MODEL}) AS models, sum(input_tokens) AS tokens_in, sum(output_tokens) AS tokens_out,
  sum(cost_usd) AS usd, any(user_id) AS a_user, any(session_id) AS a_session, groupUniqArrayArray(20)(tags) AS all_tags,
  argMin(input_preview, ${ROOT_FIRST}) AS said, argMin(output_preview, ${ROOT_FIRST}) AS answered`;

type Asked = {
  readonly table: SpanTable;
  readonly traces: ReturnType<typeof createTraceReads>;
  readonly insights: ReturnType<typeof createExploreServices>;
};
type Tools = ReturnType<typeof createTools>;

function createTools({ table, traces, insights }: Asked) {
  const { projectId, until } = table;
  const scope = { projectId, actor: "key_bench", userId: null, permissions: new Set(["traces:read"] as const) };
  const timesOf = (days: number, round: number) => ({
    from: new Date(until - days * DAY_MS + round + 1).toISOString(),
    to: new Date(until - round).toISOString(),
  });
  const inTimes = (days: number, round: number) => {
    const { from, to } = timesOf(days, round);
    return `project_id = '${projectId}' AND start_time >= '${from.slice(0, -1)}' AND start_time < '${to.slice(0, -1)}'`;
  };
  const list = (days: number, filter: string) => (round: number) => () =>
    traces.list(scope, { ...timesOf(days, round), limit: 50, order: "startTime", direction: "desc", filter });
  const listTraces = (days: number, filter: string) => (round: number) => () =>
    traces.listTraces(scope, { ...timesOf(days, round), limit: 50, filter });
  const newest = (clause: string, where: string) =>
    `SELECT ${SUMMARY} FROM spans ${clause} ${where} ORDER BY start_time DESC, span_id DESC LIMIT 51`;
  const tracesOf = (where: string) =>
    `SELECT ${TRACE} FROM spans WHERE project_id = '${projectId}' AND trace_id IN (SELECT trace_id FROM spans WHERE ${where})
      GROUP BY trace_id ORDER BY first DESC, trace_id DESC LIMIT 51`;
  const traceIdOf = (round: number) => {
    for (let row = BLOCK_ROWS * (1_000 + 37 * (round + 1)); ; row++) {
      const { traceId, isOfProject } = traceOf(row, table);
      if (isOfProject) return traceId;
    }
  };
  return { projectId, traces, insights, scope, timesOf, inTimes, list, listTraces, newest, tracesOf, traceIdOf };
}

/** The spans of a user: those that name the user, and unnamed ones in traces whose first name is the user's. */
const ownedBy = (user: string, around: string) =>
  `(user_id = '${user}' OR (user_id = '' AND trace_id IN (
    SELECT trace_id FROM spans WHERE ${around} AND user_id != '' AND trace_id IN (SELECT trace_id FROM spans WHERE ${around} AND user_id = '${user}')
    GROUP BY trace_id HAVING argMin(user_id, (parent_span_id != '', start_time, user_id)) = '${user}')))`;

/** Pages of lists. */
const listQuestions = ({ inTimes, list, listTraces, newest, tracesOf }: Tools): Question[] => [
  {
    name: "newest spans of 30 days",
    goalMs: 200,
    ask: list(30, ""),
    sql: (round) => [newest("WHERE", inTimes(30, round))],
  },
  {
    name: "spans of a week: model, status and latency",
    goalMs: 200,
    ask: list(7, "model:gpt-4.1 status:error latency>2s"),
    sql: (round) => [newest("WHERE", `${inTimes(7, round)} AND ${IS_FAILED}`)],
  },
  {
    name: "newest traces of a week",
    goalMs: 200,
    ask: listTraces(7, ""),
    sql: (round) => [tracesOf(inTimes(7, round))],
  },
  {
    name: "traces of a week: model, status and latency",
    goalMs: 200,
    ask: listTraces(7, "model:gpt-4.1 status:error latency>2s"),
    sql: (round) => [tracesOf(`${inTimes(7, round)} AND ${IS_FAILED}`)],
  },
  {
    name: "a user's spans of 30 days",
    goalMs: 400,
    ask: list(30, "user:user-777"),
    sql: (round) => [newest("PREWHERE", `${inTimes(30, round)} AND ${ownedBy("user-777", inTimes(32, round))}`)],
  },
  {
    name: "a day without a user's spans",
    goalMs: 200,
    ask: list(1, "user!=user-777"),
    sql: (round) => [newest("PREWHERE", `${inTimes(1, round)} AND NOT ${ownedBy("user-777", inTimes(3, round))}`)],
  },
  {
    name: "a user's traces of 30 days",
    goalMs: 800,
    ask: listTraces(30, "user:user-777"),
    sql: (round) => [tracesOf(`${inTimes(30, round)} AND ${ownedBy("user-777", inTimes(32, round))}`)],
  },
];

/** One trace. */
const traceQuestions = ({ projectId, traces, scope, traceIdOf }: Tools): Question[] => [
  {
    name: "a trace by its id",
    goalMs: 60,
    ask: (round) => () => traces.get(scope, traceIdOf(round)),
    sql: (round) => [
      `SELECT * FROM spans WHERE project_id = '${projectId}' AND trace_id = '${traceIdOf(round)}' ORDER BY start_time LIMIT 5000`,
    ],
  },
  {
    name: "a trace's outline",
    goalMs: 60,
    ask: (round) => () => traces.outline(scope, traceIdOf(round)),
    sql: (round) => [
      `SELECT span_id, parent_span_id, start_time, duration_ms, ttft_ms, name, kind, status, error_type, service, provider, ${MODEL} AS model,
          input_tokens, output_tokens, cached_input_tokens, reasoning_tokens, cost_usd
          FROM spans WHERE project_id = '${projectId}' AND trace_id = '${traceIdOf(round)}' ORDER BY start_time`,
    ],
  },
];

/** What was said. */
const wordQuestions = ({ inTimes, list, newest }: Tools): Question[] => [
  {
    name: "a frequent word in a day",
    goalMs: 500,
    ask: list(1, '"refund"'),
    sql: (round) => [newest("PREWHERE", `${inTimes(1, round)} AND hasAllTokens(words, ['refund'])`)],
  },
  {
    name: "a rare word in a day",
    goalMs: 500,
    ask: list(1, '"hospitalness"'),
    sql: (round) => [newest("PREWHERE", `${inTimes(1, round)} AND hasAllTokens(words, ['hospitalness'])`)],
  },
  {
    name: "a number with a sign in it, in 30 days",
    goalMs: 500,
    ask: list(30, '"PK-12345"'),
    sql: (round) => [
      newest(
        "PREWHERE",
        `${inTimes(30, round)} AND hasAllTokens(words, ['pk', '12345']) AND (input ILIKE '%PK-12345%' OR output ILIKE '%PK-12345%')`,
      ),
    ],
  },
  {
    name: "a piece of a word in a day",
    goalMs: 500,
    ask: list(1, "*efund*"),
    sql: (round) => [newest("PREWHERE", `${inTimes(1, round)} AND words LIKE '%efund%'`)],
  },
];

/** Groups of whole traces, each trace of the first session or user that its spans name. */
const groupsOf = (column: string, where: string, more: string) =>
  `SELECT owner, min(start_time) AS first, max(start_time) AS last, uniqExact(trace_id) AS traces, count() AS spans, countIf(status = 'error') AS errors,
      sumIf(input_tokens, ${IS_CALL}) AS tokens_in, sumIf(output_tokens, ${IS_CALL}) AS tokens_out, sumIf(cost_usd, ${IS_CALL}) AS usd, ${more}
    FROM spans INNER JOIN (SELECT trace_id AS owned, any(${column}) AS owner FROM spans WHERE ${where} AND ${column} != '' GROUP BY trace_id) AS owners
      ON trace_id = owned
    WHERE ${where} GROUP BY owner ORDER BY last DESC LIMIT 51`;

/** Sums. */
const sumQuestions = ({ traces, insights, scope, timesOf, inTimes }: Tools): Question[] => [
  {
    name: "Overview of a week",
    goalMs: 300,
    ask: (round) => () => traces.overview(scope, { ...timesOf(7, round), buckets: 60 }),
    sql: (round) => [
      `SELECT ${TOTALS} FROM spans WHERE ${inTimes(7, round)} AND ${IS_CALL}`,
      `SELECT ${TOTALS} FROM spans WHERE ${inTimes(14, round)} AND start_time < '${timesOf(7, round).from.slice(0, -1)}' AND ${IS_CALL}`,
      `SELECT toStartOfInterval(start_time, INTERVAL 10080 SECOND) AS bucket, ${TOTALS} FROM spans WHERE ${inTimes(7, round)} AND ${IS_CALL} GROUP BY bucket`,
      `SELECT ${MODEL} AS model, provider, ${TOTALS} FROM spans WHERE ${inTimes(7, round)} AND ${IS_CALL} GROUP BY model, provider ORDER BY requests DESC LIMIT 50`,
    ],
  },
  {
    name: "a week by model: count, cost, 95th percentile",
    goalMs: 500,
    ask: (round) => () =>
      insights.measure(
        scope,
        {
          ...timesOf(7, round),
          where: {},
          measures: ["count", "costUsd", "latencyP95Ms"],
          dimensions: ["model"],
          limit: 50,
          rest: "none",
        },
        new AbortController().signal,
      ),
    sql: (round) => [
      `SELECT ${MODEL} AS model, count() AS n, sumIf(cost_usd, ${IS_CALL}) AS usd, quantile(0.95)(duration_ms) AS p95
          FROM spans WHERE ${inTimes(7, round)} GROUP BY model ORDER BY n DESC LIMIT 50`,
    ],
  },
  {
    name: "sessions of a week",
    goalMs: 500,
    ask: (round) => () => traces.listSessions(scope, { ...timesOf(7, round), limit: 50 }),
    sql: (round) => [
      groupsOf("session_id", inTimes(7, round), `any(user_id) AS a_user, groupUniqArray(20)(${MODEL}) AS models`),
    ],
  },
  {
    name: "users of a week",
    goalMs: 500,
    ask: (round) => () => traces.listUsers(scope, { ...timesOf(7, round), limit: 50 }),
    sql: (round) => [groupsOf("user_id", inTimes(7, round), "uniqExact(session_id) AS sessions")],
  },
];

/** What the pages of the web app ask for most. */
export function exploreQuestions(asked: Asked): Question[] {
  const tools = createTools(asked);
  return [sumQuestions, listQuestions, traceQuestions, wordQuestions].flatMap((questions) => questions(tools));
}
