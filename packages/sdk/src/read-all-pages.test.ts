import { expect, test } from "vitest";
import { readAllPages } from "./read-all-pages.ts";

test("a list is read page by page until there is no cursor", async () => {
  const asked: object[] = [];
  const pages: Record<string, { items: number[]; nextCursor: string | null }> = {
    start: { items: [1, 2], nextCursor: "b" },
    b: { items: [3], nextCursor: "c" },
    c: { items: [], nextCursor: null },
  };
  const list = await readAllPages(async (query) => {
    asked.push(query);
    return pages[query.cursor ?? "start"] ?? { items: [], nextCursor: null };
  });
  expect(list).toEqual({ items: [1, 2, 3], nextCursor: null });
  expect(asked).toEqual([{ limit: 200 }, { limit: 200, cursor: "b" }, { limit: 200, cursor: "c" }]);
});

test("a failure of any page is the failure of the whole", async () => {
  const load = async ({ cursor }: { cursor?: string }) => {
    if (cursor) throw new Error("gone");
    return { items: [1], nextCursor: "b" };
  };
  await expect(readAllPages(load)).rejects.toThrow("gone");
});
