import { expect, test } from "vitest";
import { createRobustScore } from "./robust-score.ts";

test("the score equals the score of Iglewicz and Hoaglin", () => {
  // Median 3, median distance to it 1.
  const score = createRobustScore(Float64Array.of(1, 2, 3, 4, 100));
  expect(score(100)).toBeCloseTo(0.6745 * 97, 10);
  expect(score(1)).toBeCloseTo(-0.6745 * 2, 10);
});

test("with more than half of the numbers equal, the mean distance is used", () => {
  // Median 0, mean distance 2.
  const score = createRobustScore(Float64Array.of(0, 0, 0, 0, 10));
  expect(score(10)).toBeCloseTo(10 / (1.253314 * 2), 10);
});

test("numbers that are all the same, or none, have no outlier", () => {
  expect(createRobustScore(Float64Array.of(5, 5))(5)).toBe(0);
  expect(createRobustScore(new Float64Array())(7)).toBe(0);
});
