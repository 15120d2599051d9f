import { expect, test } from "vitest";
import { createSeen } from "./seen.ts";

const MINUTE = 60_000;

test("what came is known for ten minutes at least, and twenty at most", () => {
  const seen = createSeen();
  seen.turn(0);
  expect([seen.isFirst("a"), seen.isFirst("a"), seen.isFirst("b")]).toEqual([true, false, true]);
  seen.turn(10 * MINUTE);
  expect(seen.isFirst("a")).toBe(false);
  seen.turn(20 * MINUTE);
  expect(seen.isFirst("a")).toBe(true);
});

test("what is forgotten is new again, also after a turn, and nothing else is", () => {
  const seen = createSeen();
  seen.turn(0);
  seen.isFirst("kept");
  seen.takeMarks();
  seen.isFirst("lost");
  const marks = seen.takeMarks();
  expect([marks.length, seen.takeMarks().length]).toEqual([2, 0]);
  seen.turn(10 * MINUTE);
  seen.forget(marks);
  expect([seen.isFirst("lost"), seen.isFirst("kept")]).toEqual([true, false]);
});

test("a table that is full lets go of the oldest, and takes no more memory", () => {
  const seen = createSeen({ buckets: 2 });
  for (let count = 0; count < 1_000; count++) expect(seen.isFirst(`span ${count}`)).toBe(true);
  expect([seen.isFirst("span 999"), seen.isFirst("span 0")]).toEqual([false, true]);
});

test("hundreds of thousands of ids are told apart, and nearly all are known again", () => {
  const seen = createSeen();
  const ids = Array.from({ length: 200_000 }, (_, index) => `proj_1 ${index.toString(16).padStart(48, "0")}`);
  expect(ids.filter((id) => seen.isFirst(id))).toHaveLength(200_000);
  const small = createSeen();
  for (const id of ids.slice(0, 20_000)) small.isFirst(id);
  expect(ids.slice(0, 20_000).filter((id) => small.isFirst(id)).length).toBeLessThan(10);
});
