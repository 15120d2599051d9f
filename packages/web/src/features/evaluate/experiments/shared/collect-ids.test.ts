import { expect, test } from "vitest";
import { collectIds } from "./collect-ids.ts";

const all = Array.from({ length: 24 }, (_, at) => ({ itemId: `q${at}` }));
const load = (asked: (string | undefined)[]) => async (cursor: string | undefined) => {
  asked.push(cursor);
  const from = Number(cursor ?? 0);
  return { items: all.slice(from, from + 10), nextCursor: from + 10 < all.length ? String(from + 10) : null };
};

test("the ids come from every page of the list, not only from the first", async () => {
  const asked: (string | undefined)[] = [];
  expect(await collectIds(load(asked), 1_000)).toEqual(all.map(({ itemId }) => itemId));
  expect(asked).toEqual([undefined, "10", "20"]);
});

test("only the needed pages are read", async () => {
  const asked: (string | undefined)[] = [];
  expect(await collectIds(load(asked), 15)).toHaveLength(15);
  expect(asked).toEqual([undefined, "10"]);
});
