import { expect, test } from "vitest";
import { createCooperativeYield } from "./cooperative-yield.ts";

test("a rest comes after a quarter of a millisecond of work, and the time of resting is none of it", () => {
  let time = 5;
  const rests: number[] = [];
  const breaths = createCooperativeYield({
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
  const breaths = createCooperativeYield();
  const startedAt = performance.now();
  let turns = 0;
  while (performance.now() - startedAt < 200) {
    breaths.take();
    turns += 1;
  }
  expect(turns).toBeGreaterThan(200);
});
