import { expect, test } from "vitest";
import { cutPage, toCursor, wholeList } from "./pages.ts";

type Row = { readonly name: string; readonly id: string };
const rows: Row[] = ["d", "a", "c", "b", "a"].map((name, place) => ({ name, id: `row_${place}` }));
const keyOf = ({ name, id }: Row) => [name, id] as const;

test("a list in memory is sorted and cut into pages, and no item is on two of them", () => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = cutPage(rows, { limit: 2, cursor }, keyOf);
    expect(page.items.length).toBeLessThanOrEqual(2);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(ids).toEqual(["row_1", "row_4", "row_3", "row_2", "row_0"]);
});

test("a page starts after the cursor even when the item of the cursor is deleted", () => {
  const { nextCursor } = cutPage(rows, { limit: 2 }, keyOf);
  const left = rows.filter(({ id }) => id !== "row_4");
  expect(cutPage(left, { limit: 1, cursor: nextCursor ?? "" }, keyOf).items).toEqual([{ name: "b", id: "row_3" }]);
});

test("the last page has no cursor", () => {
  expect(cutPage(rows, { limit: 5 }, keyOf).nextCursor).toBeNull();
  expect(cutPage([], { limit: 5 }, keyOf)).toEqual({ items: [], nextCursor: null });
  expect(wholeList(rows)).toEqual({ items: rows, nextCursor: null });
});

test("a cursor of another list is rejected", () => {
  for (const cursor of ["x", toCursor(["a"]), toCursor([1, "row_1"])])
    expect(() => cutPage(rows, { limit: 2, cursor }, keyOf), cursor).toThrow("The cursor does not belong to this list");
});
