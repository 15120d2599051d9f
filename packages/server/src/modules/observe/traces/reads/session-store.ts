import type { SessionSummary, SpanFilter, UserSummary } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { isOfPeriodAlone, MODEL, whereSpans } from "../filter/filter-sql.ts";
import { aroundPeriod, OWNER_FIRST, type OwnerColumn, ownersAround, ownersOf, periodOf } from "../filter/owner-sql.ts";
import { fromMicros } from "../rows/micros.ts";
import { findNewest, isSince, lookBack } from "./newest-sql.ts";
import { IS_CALL } from "./trace-row-sql.ts";

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

/** Sums over the spans of one trace that name the same session or user, or none. No alias is a column's name. */
const PARTS = `trace_id, min(${OWNER_FIRST}) AS first_place, min(toUnixTimestamp64Micro(start_time)) AS part_first,
  max(toUnixTimestamp64Micro(start_time)) AS part_last, count() AS part_spans, countIf(status = 'error') AS part_errors,
  sumIf(input_tokens, ${IS_CALL}) AS part_input, sumIf(output_tokens, ${IS_CALL}) AS part_output,
  sumOrNullIf(cost_usd, ${IS_CALL} AND isNotNull(cost_usd)) AS part_cost`;
const SUMS = `toString(min(part_first)) AS first_micros, toString(max(part_last)) AS last_micros, uniqExact(trace_id) AS trace_count,
  sum(part_spans) AS span_count, sum(part_errors) AS error_count, sum(part_input) AS input_sum, sum(part_output) AS output_sum,
  sumOrNull(part_cost) AS cost_sum`;

type Group<Row extends z.ZodType> = {
  readonly column: OwnerColumn;
  /** Further aggregates, first for the parts of traces, then for their groups. */
  readonly part: string;
  readonly whole: string;
  readonly row: Row;
};

const SESSION = {
  column: "session_id",
  part: `argMin(user_id, (user_id = '', ${OWNER_FIRST}, user_id)) AS part_user, groupUniqArrayIf(20)(${MODEL}, ${IS_CALL} AND ${MODEL} != '') AS part_models`,
  whole: `argMin(part_user, (part_user = '', part_first)) AS some_user, arraySort(groupUniqArrayArray(20)(part_models)) AS models`,
  row: GroupRow.extend({ some_user: z.string(), models: z.array(z.string()) }),
} as const;
const USER = {
  column: "user_id",
  part: "groupUniqArrayIf(session_id, session_id != '') AS part_sessions",
  whole: "length(groupUniqArrayArray(part_sessions)) AS session_count",
  row: GroupRow.extend({ session_count: z.coerce.number() }),
} as const;

type Query = SpanFilter & { limit: number; cursor?: string };
type Cursor = ReturnType<typeof readCursor>;
type Look = { limit: number; filter: SpanFilter; after: Cursor | null; since: number | null };

/**
 * Sessions and users with their whole traces. A span belongs to its own session or user, otherwise to its trace's. Each
 * span therefore counts once, also in a trace with several.
 */
export function createSessionStore(columnar: Columnar) {
  /** The groups whose spans matched last, of those with a match at `since` or later: no group that is older can come among them. */
  function look(projectId: string, column: OwnerColumn, { limit, filter, after, since }: Look) {
    const { clause, sql, params } = whereSpans(projectId, filter, ownersAround(filter, { since }));
    const matching = `FROM spans ${clause} ${sql} ${isSince(since)}`;
    const { from, to } = periodOf(filter);
    const around = aroundPeriod({ from: since ?? from, to });
    return columnar.select({
      sql: `SELECT if(named = '', owner, named) AS group_id, max(latest) AS last_number, toString(last_number) AS last_micros
        FROM (SELECT trace_id, ${column} AS named, max(toUnixTimestamp64Micro(start_time)) AS latest ${matching} GROUP BY trace_id, named) AS matches
        LEFT JOIN ${ownersOf(column, `trace_id IN (SELECT trace_id ${matching} AND ${column} = '')${around.sql}`)} AS owners
          ON matches.trace_id = owners.owned_trace
        GROUP BY group_id HAVING group_id != '' ${after ? "AND (last_number, group_id) < ({micros:Int64}, {groupId:String})" : ""}
        ORDER BY last_number DESC, group_id DESC LIMIT {rows:UInt32}`,
      params: { ...params, ...around.params, ...after, since, rows: limit + 1 },
      row: FoundGroup,
    });
  }

  async function findPage(projectId: string, column: OwnerColumn, { limit, cursor, ...filter }: Query) {
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

  /** Sums up groups over their traces with a matching span. */
  async function sumGroups<Row extends typeof GroupRow>(
    projectId: string,
    { groupIds, filter }: { groupIds: readonly string[]; filter: SpanFilter },
    { column, part, whole, row }: Group<Row>,
  ) {
    const around = aroundPeriod(periodOf(filter));
    const traces = `SELECT trace_id FROM spans WHERE project_id = {projectId:String} AND ${column} IN {groupIds:Array(String)}${around.sql}`;
    const match = matchOf(projectId, filter, { column, traces });
    return columnar.select({
      sql: `SELECT group_id, ${SUMS}, ${whole} FROM (
          SELECT *, max(is_match) OVER (PARTITION BY trace_id, group_id) AS is_counted FROM (
            SELECT *, if(named = '', argMin(named, (named = '', first_place, named)) OVER (PARTITION BY trace_id), named) AS group_id, ${match.ofPart} AS is_match
            FROM (SELECT ${PARTS}, ${match.ofSpans} AS part_match, ${column} AS named, ${part} FROM spans
              WHERE project_id = {projectId:String} AND trace_id IN (${traces})${around.sql} GROUP BY trace_id, named))
          WHERE group_id IN {groupIds:Array(String)})
        WHERE is_counted GROUP BY group_id`,
      params: { ...match.params, ...around.params, projectId, groupIds },
      row,
    });
  }

  async function listGroups<Row extends typeof GroupRow>(
    projectId: string,
    { limit, cursor, ...filter }: Query,
    group: Group<Row>,
  ) {
    const { items: found, nextCursor } = await findPage(projectId, group.column, { limit, cursor, ...filter });
    if (found.length === 0) return { items: [], nextCursor };
    const groupIds = found.map(({ group_id: groupId }) => groupId);
    const rows = await sumGroups(projectId, { groupIds, filter }, group);
    const byId = new Map(rows.map((row) => [row.group_id, row]));
    return { items: groupIds.flatMap((groupId) => byId.get(groupId) ?? []), nextCursor };
  }

  return {
    async listSessions(projectId: string, query: Query) {
      const { items, nextCursor } = await listGroups(projectId, query, SESSION);
      return { items: items.map(toSession), nextCursor };
    },
    async listUsers(projectId: string, query: Query) {
      const { items, nextCursor } = await listGroups(projectId, query, USER);
      return { items: items.map(toUser), nextCursor };
    },
    /** Null if no span belongs to this session. */
    async findSession(projectId: string, sessionId: string): Promise<SessionSummary | null> {
      const [row] = await sumGroups(projectId, { groupIds: [sessionId], filter: {} }, SESSION);
      return row ? toSession(row) : null;
    },
  };
}

/**
 * How matching traces are found: a period from the trace's own times, everything else by searching for matching spans.
 */
function matchOf(
  projectId: string,
  filter: SpanFilter,
  { column, traces }: { readonly column: OwnerColumn; readonly traces: string },
) {
  const { clause, sql, params } = whereSpans(projectId, filter);
  if (isOfPeriodAlone(filter)) return { ofSpans: `max(${sql})`, ofPart: "part_match", params };
  const matches = `SELECT trace_id, ${column} FROM spans ${clause} ${sql} AND trace_id IN (${traces})`;
  return { ofSpans: "1", ofPart: `(trace_id, named) IN (${matches})`, params };
}

function readCursor(cursor: string) {
  const [micros = "", groupId = ""] = fromCursor(cursor, 2).map(String);
  if (/^-?\d{1,17}$/.test(micros)) return { micros, groupId };
  throw new AppError("invalid_request", {
    message: "The cursor does not belong to this list. Start again without a cursor.",
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

const toSession = (row: z.infer<typeof SESSION.row>): SessionSummary => ({
  sessionId: row.group_id,
  userId: row.some_user,
  models: row.models,
  ...toTotals(row),
});

const toUser = (row: z.infer<typeof USER.row>): UserSummary => ({
  userId: row.group_id,
  sessionCount: row.session_count,
  ...toTotals(row),
});
