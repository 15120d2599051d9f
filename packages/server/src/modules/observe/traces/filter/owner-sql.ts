import type { SpanFilter } from "@treadle/contract";
import { toMicros } from "../rows/micros.ts";
import type { Where } from "./where.ts";

/** The owners of a span. */
export type OwnerColumn = "session_id" | "user_id";

/** The span without a parent, or the earliest span, represents its trace. */
export const ROOT_FIRST = "(parent_span_id != '', start_time, span_id)";

/** The same for what a trace belongs to, without the ids of its spans: to read those costs as much as all else. */
export const OWNER_FIRST = "(parent_span_id != '', start_time)";

/**
 * The margin before and after a period in which the other spans of its traces are searched. Without a limit, each list
 * would read the whole table, since a trace can start at any time.
 */
const MARGIN_MICROS = 86_400_000_000;

/** In microseconds since 1970; null where it has no end. */
type Period = { readonly from: number | null; readonly to: number | null };

/**
 * Conditions for the spans of the traces that a period holds. The name starts the names of the bound values. Two periods in one
 * statement need two names.
 */
export function aroundPeriod({ from, to }: Period, name = "around"): Where {
  const conditions = [
    ...(from === null ? [] : [`start_time >= fromUnixTimestamp64Micro({${name}From:Int64}, 'UTC')`]),
    ...(to === null ? [] : [`start_time < fromUnixTimestamp64Micro({${name}To:Int64}, 'UTC')`]),
  ];
  return {
    sql: conditions.map((condition) => ` AND ${condition}`).join(""),
    params: {
      ...(from !== null && { [`${name}From`]: from - MARGIN_MICROS }),
      ...(to !== null && { [`${name}To`]: to + MARGIN_MICROS }),
    },
  };
}

export const periodOf = ({ from, to }: Pick<SpanFilter, "from" | "to">): Period => ({
  from: from === undefined ? null : toMicros(from),
  to: to === undefined ? null : toMicros(to),
});

/** Conditions for the spans that can own the spans of a list: around its period, or around the part that is read. */
export function ownersAround(
  filter: Pick<SpanFilter, "from" | "to">,
  { since, before }: { readonly since?: number | null; readonly before?: number | null } = {},
): Where {
  const { from, to } = periodOf(filter);
  return aroundPeriod({ from: since ?? from, to: before ?? to }, "owners");
}

type OwnerTest = {
  readonly column: OwnerColumn;
  /** The condition on a session or user, which is given as an expression. */
  readonly isWanted: (owner: string) => string;
  /** Whether the condition holds for spans without an owner. */
  readonly takesNobody: boolean;
};

/**
 * The spans whose session or user meets a condition. `around` are conditions for the spans that can name it. Both sides of each OR
 * name an indexed column, so that the engine leaves out the parts of the table without the owner and its traces.
 */
export function ownerMeets({ column, isWanted, takesNobody }: OwnerTest, around: Where): string {
  const ownerIn = (where: string, condition: string) =>
    `SELECT owned_trace FROM ${ownersOf(column, `${where}${around.sql}`)} WHERE ${condition}`;
  const own = isWanted(column);
  const isOwner = isWanted("owner");
  if (takesNobody)
    return `((${column} != '' AND ${own}) OR (${column} = '' AND trace_id NOT IN (${ownerIn("true", `NOT ${isOwner}`)})))`;
  const traces = `trace_id IN (SELECT trace_id FROM spans WHERE project_id = {projectId:String} AND ${own}${around.sql})`;
  return `(${own} OR (${column} = '' AND trace_id IN (${ownerIn(traces, isOwner)})))`;
}

/** The spans that belong to any session or user. */
export const hasOwner = (column: OwnerColumn, around: Where) =>
  `(${column} != '' OR trace_id IN (SELECT trace_id FROM spans WHERE project_id = {projectId:String} AND ${column} != ''${around.sql}))`;

/** The spans that belong to one session or user, which is not empty: those that name it, and those that name none in its traces. */
export function belongsTo(column: OwnerColumn, value: string, around: Where): Where {
  const name = `${column}_owner`;
  const isWanted = (owner: string) => `${owner} = {${name}:String}`;
  return {
    sql: ownerMeets({ column, isWanted, takesNobody: false }, around),
    params: { ...around.params, [name]: value },
  };
}

/**
 * A table of traces with their session or user: the root's, or the first named one. `where` selects the spans. Its
 * columns are `owned_trace` and `owner`.
 */
export const ownersOf = (column: OwnerColumn, where: string) =>
  `(SELECT trace_id AS owned_trace, argMin(${column}, (${OWNER_FIRST}, ${column})) AS owner FROM spans
    WHERE project_id = {projectId:String} AND ${column} != '' AND ${where} GROUP BY trace_id)`;
