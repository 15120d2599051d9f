import { AppError } from "./errors.ts";

/** Turns the sort key of a page's last row into an opaque cursor. */
export const toCursor = (key: readonly (string | number)[]) => Buffer.from(JSON.stringify(key)).toString("base64url");

/** Reads a cursor back; `length` is the number of values its list sorts by. Throws `invalid_request` for one it did not make. */
export function fromCursor(cursor: string, length: number): (string | number)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const isKey =
      Array.isArray(key) &&
      key.length === length &&
      key.every((part) => typeof part === "string" || typeof part === "number");
    if (isKey) return key;
  } catch (cause) {
    throw badCursor(cause);
  }
  throw badCursor();
}

/** Reads the cursor of a list sorted by time and id. */
export function fromTimeCursor(cursor: string): readonly [createdAt: string, id: string] {
  const [createdAt, id] = fromCursor(cursor, 2);
  const isTime = typeof createdAt === "string" && /^\d{4}-/.test(createdAt) && !Number.isNaN(Date.parse(createdAt));
  if (!isTime || typeof id !== "string") throw badCursor();
  return [new Date(createdAt).toISOString(), id];
}

const badCursor = (cause?: unknown) =>
  new AppError("invalid_request", {
    message: "The cursor does not belong to this list. Start again without a cursor.",
    cause,
  });

/** Cuts a list that was read one row too long into a page. */
export function toPage<Item>(
  rows: readonly Item[],
  limit: number,
  keyOf: (last: Item) => readonly (string | number)[],
) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? toCursor(keyOf(last)) : null };
}

/** A short list as one page, for lists that are bounded and so have no paging. */
export const wholeList = <Items extends readonly unknown[]>(items: Items) => ({ items, nextCursor: null });

/** What an item is sorted by, ascending. The two values together differ for each item. */
type SortKey = readonly [string | number, string | number];

/** Cuts a page from a list that is in memory as a whole, and sorts it by its key. */
export function cutPage<Item>(
  list: readonly Item[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  keyOf: (item: Item) => SortKey,
) {
  const after = cursor === undefined ? null : fromCursor(cursor, 2);
  const rest = list.filter((item) => after === null || compareKeys(keyOf(item), after) > 0);
  const sorted = rest.toSorted((left, right) => compareKeys(keyOf(left), keyOf(right)));
  return toPage(sorted.slice(0, limit + 1), limit, keyOf);
}

function compareKeys(left: readonly (string | number)[], right: readonly (string | number)[]): number {
  for (const [place, value] of left.entries()) {
    const other = right[place];
    if (other === undefined || typeof value !== typeof other) throw badCursor();
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
