import { and, asc, desc, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";

/** A part of a list between two rows, as OpenAI's lists name it. */
export type Window = {
  readonly limit: number;
  readonly order: "asc" | "desc";
  /** The id of the row before the first. */
  readonly after?: string | undefined;
  /** The id of the row after the last. Without `after`, the window ends there. */
  readonly before?: string | undefined;
};
type Table = PgTable & { readonly id: PgColumn; readonly createdAt: PgColumn };

/** The condition and the order that read a window, and one row more. `takeWindow` makes a page of the rows. */
export function windowOf(table: Table, { limit, order, after, before }: Window) {
  const place = sql`(${table.createdAt}, ${table.id})`;
  const placeOf = (id: string) => sql`(SELECT ${table.createdAt}, ${table.id} FROM ${table} WHERE ${table.id} = ${id})`;
  const isOlder = (id: string): SQL => sql`${place} < ${placeOf(id)}`;
  const isNewer = (id: string): SQL => sql`${place} > ${placeOf(id)}`;
  const isNewestFirst = order === "desc";
  const isPast = after === undefined ? undefined : isNewestFirst ? isOlder(after) : isNewer(after);
  const isAhead = before === undefined ? undefined : isNewestFirst ? isNewer(before) : isOlder(before);
  const direct = isNewestFirst === isBackward({ after, before }) ? asc : desc;
  return {
    where: and(isPast, isAhead),
    orderBy: [direct(table.createdAt), direct(table.id)],
    limit: limit + 1,
  };
}

const isBackward = ({ after, before }: Pick<Window, "after" | "before">) => before !== undefined && after === undefined;

export function takeWindow<Row>(rows: readonly Row[], window: Window) {
  const page = rows.slice(0, window.limit);
  return { items: isBackward(window) ? page.reverse() : page, hasMore: rows.length > window.limit };
}
