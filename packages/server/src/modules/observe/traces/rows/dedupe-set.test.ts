import { expect, test } from "vitest";
import { createDedupeSet } from "./dedupe-set.ts";

const MINUTE = 60_000;

test("spans are remembered for at least ten and at most twenty minutes", () => {
  const dedupe = createDedupeSet();
  dedupe.turn(0);
  expect([dedupe.isFirst("a"), dedupe.isFirst("a"), dedupe.isFirst("b")]).toEqual([true, false, true]);
  dedupe.turn(10 * MINUTE);
  expect(dedupe.isFirst("a")).toBe(false);
  dedupe.turn(20 * MINUTE);
  expect(dedupe.isFirst("a")).toBe(true);
});

test("what is forgotten is new again, also after a turn, and nothing else is", () => {
  const dedupe = createDedupeSet();
  dedupe.turn(0);
  dedupe.isFirst("kept");
  dedupe.takeMarks();
  dedupe.isFirst("lost");
  const marks = dedupe.takeMarks();
  expect([marks.length, dedupe.takeMarks().length]).toEqual([2, 0]);
  dedupe.turn(10 * MINUTE);
  dedupe.forget(marks);
  expect([dedupe.isFirst("lost"), dedupe.isFirst("kept")]).toEqual([true, false]);
});

test("a full table drops the oldest entries, and takes no more memory", () => {
  const dedupe = createDedupeSet({ buckets: 2 });
  for (let count = 0; count < 1_000; count++) expect(dedupe.isFirst(`span ${count}`)).toBe(true);
  expect([dedupe.isFirst("span 999"), dedupe.isFirst("span 0")]).toEqual([false, true]);
});

test("hundreds of thousands of ids are distinguished, and nearly all are recognized again", () => {
  const dedupe = createDedupeSet();
  const ids = Array.from({ length: 200_000 }, (_, index) => `proj_1 ${index.toString(16).padStart(48, "0")}`);
  expect(ids.filter((id) => dedupe.isFirst(id))).toHaveLength(200_000);
  const small = createDedupeSet();
  for (const id of ids.slice(0, 20_000)) small.isFirst(id);
  expect(ids.slice(0, 20_000).filter((id) => small.isFirst(id)).length).toBeLessThan(10);
});
