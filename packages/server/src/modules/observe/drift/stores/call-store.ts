import type { SpanFilter } from "@treadle/contract";
import { z } from "zod";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { StoredCall } from "../texts/read-calls.ts";

type Select = Pick<Columnar, "select">;
type Keys = { readonly traceId: string; readonly spanId: string };
type Where = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };

/** The calls of a watch within a time. `to` is not included. */
export type CallQuery = {
  readonly endpoint: string;
  readonly filter: string;
  readonly side: "inputs" | "outputs";
  readonly tenantKey: string;
  readonly from: Date;
  readonly to: Date;
};

const count = z.coerce.number();
const PlaceRow = z.object({ trace_id: z.string(), span_id: z.string(), bytes: count });
const CallRow = z.object({
  traceId: z.string(),
  spanId: z.string(),
  input: z.string(),
  output: z.string(),
  parameters: z.string(),
  userId: z.string(),
  sessionId: z.string(),
  release: z.string(),
  prompt: z.string(),
  model: z.string(),
  tenant: z.string(),
  guardPolicy: z.string(),
  guardAction: z.string(),
});
const FactsRow = z.object({ traceId: z.string(), toolCalls: count, toolErrors: count, score: z.number().nullable() });
const TextRow = z.object({ traceId: z.string(), spanId: z.string(), input: z.string(), output: z.string() });

const GROUP = `multiIf(user_id != '', concat('u', user_id), session_id != '', concat('s', session_id), concat('t', trace_id))`;
/** Longer payloads are left out of the sample: they would not fit into memory together. */
const MOST_BYTES = 2_000_000;
const SCORES = `arrayMap(text -> toFloat64OrZero(text), extractAll(substring(output, 1, 100000), '"(?:score|relevance_score|similarity)":\\\\s*(-?[0-9.eE+-]+)'))`;

/** Calls whose sender wrote the messages as log records. */
const IS_LOGGED = `project_id = {ofProject:String} AND time >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')
  AND time < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')`;
/** Assumed of log records, whose size is not read. */
const LOGGED_BYTES = 100_000;

/** The spans of a project that match a filter. */
type WhereSpans = (projectId: string, filter: SpanFilter & { readonly hidesProbes: boolean }) => Where;
type Payloads = Keys & { readonly input: string; readonly output: string };
/** Fills in messages that came as log records. */
type WithLogPayloads = <Row extends Payloads>(
  columnar: Select,
  projectId: string,
  rows: readonly Row[],
) => Promise<Row[]>;
/** What the module of traces knows of spans. */
type SpanReads = { readonly whereSpans: WhereSpans; readonly withLogPayloads: WithLogPayloads };

const whereOf = (whereSpans: WhereSpans, projectId: string, { endpoint, filter, side, from, to }: CallQuery): Where => {
  const spans = whereSpans(projectId, { filter, hidesProbes: true, from: from.toISOString(), to: to.toISOString() });
  // The column of the watch's side is chosen here, from two names.
  const payload = side === "inputs" ? "input" : "output";
  const hasText = `(notEmpty(${payload}) OR cityHash64(trace_id, span_id) IN (SELECT cityHash64(trace_id, span_id) FROM span_contents WHERE ${IS_LOGGED}))`;
  const conditions = [spans.sql, "kind = 'generation'", hasText];
  return {
    sql: [...conditions, ...(endpoint === "" ? [] : ["endpoint = {ofEndpoint:String}"])].join(" AND "),
    params: { ...spans.params, ofEndpoint: endpoint, ofProject: projectId, ...boundsOf({ from, to }) },
  };
};

/** Reads the calls of a watch. */
export const createCallStore = (columnar: Select, { whereSpans, withLogPayloads }: SpanReads) => ({
  ...createSampling(columnar, whereSpans),
  ...createReading(columnar, withLogPayloads),
});

const createSampling = (columnar: Select, whereSpans: WhereSpans) => ({
  async countCalls(projectId: string, query: CallQuery): Promise<number> {
    const { sql, params } = whereOf(whereSpans, projectId, query);
    const text = `SELECT count() AS count FROM spans WHERE ${sql}`;
    const [row] = await columnar.select({ sql: text, params, row: z.object({ count }) });
    return row?.count ?? 0;
  },

  /** A sample that is the same each time: the lowest hashes, with at most `perGroup` calls of one user. */
  listSample(projectId: string, query: CallQuery, { limit, perGroup }: { limit: number; perGroup: number }) {
    const { sql, params } = whereOf(whereSpans, projectId, query);
    return columnar
      .select({
        sql: `SELECT trace_id, span_id,
            length(input) + length(output) + if(empty(input) OR empty(output), ${LOGGED_BYTES}, 0) AS bytes
          FROM spans
          WHERE ${sql} AND length(input) + length(output) <= ${MOST_BYTES}
          ORDER BY cityHash64(trace_id, span_id, 'drift'), span_id
          LIMIT {perGroup:UInt32} BY ${GROUP} LIMIT {most:UInt32}`,
        params: { ...params, perGroup, most: limit },
        row: PlaceRow,
      })
      .then((rows) => rows.map(({ trace_id: traceId, span_id: spanId, bytes }) => ({ traceId, spanId, bytes })));
  },
});

const createReading = (columnar: Select, withLogPayloads: WithLogPayloads) => ({
  /** The calls of a sample, in its order. */
  async readCalls(projectId: string, query: CallQuery, keys: readonly Keys[]): Promise<StoredCall[]> {
    if (keys.length === 0) return [];
    const params = { projectId, ...boundsOf(query), ...keyParams(keys), tenantKey: query.tenantKey };
    const stored = await columnar.select({ sql: CALLS, params, row: CallRow });
    const rows = await withLogPayloads(columnar, projectId, stored);
    const facts = await readFacts(columnar, params);
    const byKey = new Map(rows.map((row) => [`${row.traceId} ${row.spanId}`, row]));
    return keys.flatMap(({ traceId, spanId }) => {
      const row = byKey.get(`${traceId} ${spanId}`);
      const { toolCalls = 0, toolErrors = 0, score = null } = facts.get(traceId) ?? {};
      return row ? [{ ...row, toolCalls, toolErrors, retrievalScore: score }] : [];
    });
  },

  /** The payloads of example texts. Deleted spans have none. */
  async readTexts(projectId: string, keys: readonly Keys[], { from, to }: Pick<CallQuery, "from" | "to">) {
    if (keys.length === 0) return [];
    const params = { projectId, ...boundsOf({ from, to }), ...keyParams(keys) };
    return withLogPayloads(columnar, projectId, await columnar.select({ sql: TEXTS, params, row: TextRow }));
  },
});

const IS_WITHIN = `project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}
  AND start_time >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND start_time < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')`;

const CALLS = `SELECT trace_id AS traceId, span_id AS spanId, input, output, parameters, user_id AS userId,
    session_id AS sessionId, release, if(prompt_name = '', '', concat(prompt_name, '@', prompt_version)) AS prompt,
    if(response_model != '', response_model, request_model) AS model, metadata[{tenantKey:String}] AS tenant,
    guard_policy AS guardPolicy, guard_action AS guardAction
  FROM spans WHERE ${IS_WITHIN} AND span_id IN {spanIds:Array(String)}`;
const TEXTS = `SELECT trace_id AS traceId, span_id AS spanId, input, output FROM spans
  WHERE ${IS_WITHIN} AND span_id IN {spanIds:Array(String)}`;

/** The times in which spans of the same traces lie. */
const boundsOf = ({ from, to }: Pick<CallQuery, "from" | "to">) => ({
  fromMs: from.getTime() - DAY_MS,
  toMs: to.getTime() + DAY_MS,
});
const keyParams = (keys: readonly Keys[]) => ({
  traceIds: [...new Set(keys.map(({ traceId }) => traceId))],
  spanIds: keys.map(({ spanId }) => spanId),
});

/** What the other spans of the traces show: tools and their errors, and the best score of a retrieval. */
async function readFacts(columnar: Select, params: Where["params"]) {
  const rows = await columnar.select({
    sql: `SELECT trace_id AS traceId, countIf(kind = 'tool') AS toolCalls,
        countIf(kind = 'tool' AND status = 'error') AS toolErrors,
        maxOrNullIf(arrayMax(${SCORES}), kind = 'retrieval' AND notEmpty(${SCORES})) AS score
      FROM spans WHERE ${IS_WITHIN} AND kind IN ('tool', 'retrieval') GROUP BY trace_id`,
    params,
    row: FactsRow,
  });
  return new Map(rows.map((row) => [row.traceId, row]));
}
