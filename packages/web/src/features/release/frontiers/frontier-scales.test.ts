import { expect, test } from "vitest";
import { HEIGHT, SPACE, scalesOf, ticksOf } from "./frontier-scales.ts";

test.each([
  [[0.48, 1.03], 5, [0.6, 0.8, 1]],
  [[0.000_09, 0.000_41], 4, [0.0001, 0.0002, 0.0003, 0.0004]],
  [[0.97, 1.002], 5, [0.97, 0.98, 0.99, 1]],
  [[-0.4, 4.2], 3, [0, 2, 4]],
] as const)("the ticks of %j are round numbers, at most %d", (range, most, ticks) => {
  expect(ticksOf(range, most)).toEqual(ticks);
  expect(ticksOf(range, most).length).toBeLessThanOrEqual(most);
});

test("all numbers with their intervals lie within the chart", () => {
  const estimate = (mean: number) => ({ mean, lowerBound: mean / 2, upperBound: mean * 2, units: 100 });
  const { x, y } = scalesOf([{ cost: estimate(1), quality: estimate(0.5) }], 400);
  expect([x(0.5) > SPACE.left, x(2) < 400 - SPACE.right]).toEqual([true, true]);
  expect([y(1) > SPACE.top, y(0.25) < HEIGHT - SPACE.bottom]).toEqual([true, true]);
});

test("a single cost has a scale too", () => {
  const estimate = { mean: 0, lowerBound: null, upperBound: null, units: 1 };
  expect(scalesOf([{ cost: estimate, quality: estimate }], 400).cost).toEqual([-1, 1]);
});
