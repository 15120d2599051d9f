import type { SessionSummary, SpanFilter, UserSummary } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import { fromCursor, toPage } from "../../kernel/pages.ts";
import type { Columnar } from "../../platform/columnar/port.ts";
import { MODEL, whereSpans } from "./filter-store.ts";
import { fromMicros } from "./micros.ts";
import { findNewest, isSince, lookBack } from "./newest-store.ts";
import { IS_CALL } from "./trace-row-store.ts";

const GroupRow = z.object({
  group_id: z.string(),
  first_micros: z.coerce.number(),
  last_micros: z.coerce.number(),
  trace_count: z.coerce.number(),
  span_count: z.coerce.number(),
  error_count: z.coerce.number(),
  input_sum: z.coerce.number(),
  output_sum: z.coerce.number(),
  cost_sum: z.number().nullable(),
});
type GroupRow = z.infer<typeof GroupRow>;

const FoundGroup = z.object({ group_id: z.string(), last_micros: z.coerce.number() });

// No sum bears the name of a column: the engine would take it for the column in the filter's conditions.
const SELECTION = `toString(min(toUnixTimestamp64Micro(start_time))) AS first_micros,
  max(toUnixTimestamp64Micro(start_time)) AS last_number, toString(last_number) AS last_micros,
  uniqExact(trace_id) AS trace_count, count() AS span_count, countIf(status = 'error') AS error_count,
  sumIf(input_tokens, ${IS_CALL}) AS input_sum, sumIf(output_tokens, ${IS_CALL}) AS output_sum,
  sumOrNullIf(cost_usd, ${IS_CALL} AND isNotNull(cost_usd)) AS cost_sum`;

const SESSION = `any(user_id) AS some_user, arraySort(groupUniqArrayIf(20)(${MODEL}, ${IS_CALL} AND ${MODEL} != '')) AS models`;
const SessionRow = GroupRow.extend({ some_user: z.string(), models: z.array(z.string()) });
const USER = "uniqExactIf(session_id, session_id != '') AS session_count";
const UserRow = GroupRow.extend({ session_count: z.coerce.number() });

type Query = SpanFilter & { limit: number; cursor?: string };
type Column = "session_id" | "user_id";
type Cursor = ReturnType<typeof readCursor>;
type Look = { limit: number; filter: SpanFilter; after: Cursor | null; since: number | null };
type Group<Row extends z.ZodType> = {
  readonly column: Column;
  readonly more: string;
  readonly row: Row;
};

/** Sessions and users: spans put together by what their senders say they belong to. */
export function createSessionStore(columnar: Columnar) {
  /** The groups that were active last, of those that were at `since` or later: nobody active before can come among them. */
  function look(projectId: string, column: Column, { limit, filter, after, since }: Look) {
    const { clause, sql, params } = whereSpans(projectId, filter);
    return columnar.select({
      sql: `SELECT ${column} AS group_id, toUnixTimestamp64Micro(max(start_time)) AS last_number, toString(last_number) AS last_micros
        FROM spans ${clause} ${sql} AND ${column} != '' ${isSince(since)} GROUP BY group_id
        ${after ? "HAVING (last_number, group_id) < ({micros:Int64}, {groupId:String})" : ""}
        ORDER BY last_number DESC, group_id DESC LIMIT {rows:UInt32}`,
      params: { ...params, ...after, since, rows: limit + 1 },
      row: FoundGroup,
    });
  }

  async function findPage(projectId: string, column: Column, { limit, cursor, ...filter }: Query) {
    const after = cursor === undefined ? null : readCursor(cursor);
    const newest = after ? Number(after.micros) : await findNewest(columnar, projectId, filter);
    const rows = await lookBack({
      newest,
      from: filter.from,
      wanted: limit + 1,
      look: (since) => look(projectId, column, { limit, filter, after, since }),
    });
    return toPage(rows, limit, (last) => [String(last.last_micros), last.group_id]);
  }

  async function listGroups<Row extends typeof GroupRow>(
    projectId: string,
    { limit, cursor, ...filter }: Query,
    { column, more, row }: Group<Row>,
  ) {
    const { items: found, nextCursor } = await findPage(projectId, column, { limit, cursor, ...filter });
    if (found.length === 0) return { items: [], nextCursor };
    const { sql, params } = whereSpans(projectId, filter);
    const groupIds = found.map(({ group_id: groupId }) => groupId);
    const items = await columnar.select({
      sql: `SELECT ${column} AS group_id, ${SELECTION}, ${more} FROM spans WHERE ${sql} AND ${column} IN {groupIds:Array(String)}
        GROUP BY group_id ORDER BY last_number DESC, group_id DESC`,
      params: { ...params, groupIds },
      row,
    });
    return { items, nextCursor };
  }

  return {
    async listSessions(projectId: string, query: Query) {
      const group = { column: "session_id", more: SESSION, row: SessionRow } as const;
      const { items, nextCursor } = await listGroups(projectId, query, group);
      return { items: items.map(toSession), nextCursor };
    },
    async listUsers(projectId: string, query: Query) {
      const group = { column: "user_id", more: USER, row: UserRow } as const;
      const { items, nextCursor } = await listGroups(projectId, query, group);
      return { items: items.map(toUser), nextCursor };
    },
    /** Null when no span says that it belongs to this session. */
    async findSession(projectId: string, sessionId: string): Promise<SessionSummary | null> {
      const [row] = await columnar.select({
        sql: `SELECT session_id AS group_id, ${SELECTION}, ${SESSION} FROM spans
          WHERE project_id = {projectId:String} AND session_id = {sessionId:String} GROUP BY group_id`,
        params: { projectId, sessionId },
        row: SessionRow,
      });
      return row ? toSession(row) : null;
    },
  };
}

function readCursor(cursor: string) {
  const [micros = "", groupId = ""] = fromCursor(cursor, 2).map(String);
  if (/^-?\d{1,17}$/.test(micros)) return { micros, groupId };
  throw new AppError("invalid_request", {
    message: "The cursor is not one this list gave. Start again without a cursor.",
  });
}

const toTotals = (row: GroupRow) => ({
  traceCount: row.trace_count,
  spanCount: row.span_count,
  errorCount: row.error_count,
  inputTokens: row.input_sum,
  outputTokens: row.output_sum,
  costUsd: row.cost_sum,
  firstTime: fromMicros(row.first_micros),
  lastTime: fromMicros(row.last_micros),
});

const toSession = (row: z.infer<typeof SessionRow>): SessionSummary => ({
  sessionId: row.group_id,
  userId: row.some_user,
  models: row.models,
  ...toTotals(row),
});

const toUser = (row: z.infer<typeof UserRow>): UserSummary => ({
  userId: row.group_id,
  sessionCount: row.session_count,
  ...toTotals(row),
});
