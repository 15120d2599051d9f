import { expect, test } from "vitest";
import { createBreaths } from "./breaths.ts";

test("a rest comes after a quarter of a millisecond of work, and the time of resting is none of it", () => {
  let time = 5;
  const rests: number[] = [];
  const breaths = createBreaths({
    now: () => time,
    rest: () => {
      rests.push(time);
      time += 1;
    },
  });
  for (const worked of [0.1, 0.1, 0.1, 0.1, 0.1, 3, 0.1]) {
    time += worked;
    breaths.take();
  }
  expect(rests.map((at) => Number(at.toFixed(1)))).toEqual([5.3, 9.5]);
});

test("a rest is short", () => {
  const breaths = createBreaths();
  const startedAt = performance.now();
  let taken = 0;
  while (performance.now() - startedAt < 200) {
    breaths.take();
    taken += 1;
  }
  expect(taken).toBeGreaterThan(200);
});
