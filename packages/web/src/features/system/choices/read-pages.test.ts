import { expect, test } from "vitest";
import { readPages } from "./read-pages.ts";

const pagesOf = (total: number) => {
  const asked: (string | undefined)[] = [];
  const read = async (cursor: string | undefined) => {
    asked.push(cursor);
    const from = Number(cursor ?? 0);
    const to = Math.min(total, from + 200);
    return {
      items: Array.from({ length: to - from }, (_, at) => from + at),
      nextCursor: to < total ? `${to}` : null,
    };
  };
  return { asked, read };
};

test("a list is read page by page to its end", async () => {
  const { asked, read } = pagesOf(450);
  expect(await readPages(read)).toEqual(Array.from({ length: 450 }, (_, at) => at));
  expect(asked).toEqual([undefined, "200", "400"]);
});

test("a list without an end is read for a while", async () => {
  expect(await readPages(pagesOf(100_000).read)).toHaveLength(2_000);
});

test("what fails on the way fails the whole", async () => {
  const { read } = pagesOf(450);
  const breaking = (cursor: string | undefined) => (cursor ? Promise.reject(new Error("gone")) : read(cursor));
  await expect(readPages(breaking)).rejects.toThrow("gone");
});
