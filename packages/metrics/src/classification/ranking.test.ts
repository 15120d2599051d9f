import fc from "fast-check";
import { expect, test } from "vitest";
import { brierScore, logLoss } from "./probabilities.ts";
import { averagePrecision, cutsOf, rocAuc, rocAucOneVersusRest } from "./ranking.ts";

const scored = fc
  .array(fc.tuple(fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 40 })
  .map((rows) => ({ actual: rows.map(([truth]) => truth), score: rows.map(([, score]) => score) }));

test("one class only leaves the area open, and no positive one the average precision", () => {
  expect(rocAuc({ actual: [1, 1], score: [0.2, 0.9] })).toMatchObject({ value: null, reason: "Nothing is negative." });
  expect(rocAuc({ actual: [], score: [] })).toMatchObject({ value: null, reason: "Nothing is positive." });
  expect(averagePrecision({ actual: [0, 0], score: [0.2, 0.9] })).toMatchObject({ value: null });
  const forecast = { labels: ["a", "b"], actual: ["a"], probabilities: [[0.5, 0.5]] };
  expect(rocAucOneVersusRest(forecast, "macro").reason).toBe('No item, or every item, is labelled "a".');
});

test("items of one score are cut together, so scores that say nothing have the area ½", () => {
  expect(cutsOf({ actual: [1, 0, 1], score: [0.5, 0.5, 0.1] })).toEqual([
    { threshold: 0.5, truePositives: 1, falsePositives: 1 },
    { threshold: 0.1, truePositives: 2, falsePositives: 1 },
  ]);
  expect(rocAuc({ actual: [1, 0, 1, 0], score: [3, 3, 3, 3] }).value).toBe(0.5);
});

test("the area turns over with the scores, and only their order counts", () => {
  fc.assert(
    fc.property(scored, ({ actual, score }) => {
      const { value } = rocAuc({ actual, score });
      const turned = rocAuc({ actual, score: score.map((one) => -one) }).value;
      if (value === null || turned === null) return;
      expect(value + turned).toBeCloseTo(1, 12);
      expect(rocAuc({ actual, score: score.map((one) => Math.fround(one) * 8) }).value).toBe(
        rocAuc({ actual, score: score.map(Math.fround) }).value,
      );
    }),
    { seed: 14 },
  );
});

test("average precision is at least the share of positives among all, and at most 1", () => {
  fc.assert(
    fc.property(scored, ({ actual, score }) => {
      const { value } = averagePrecision({ actual, score });
      if (value === null) return;
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThanOrEqual(1 + 1e-12);
    }),
    { seed: 15 },
  );
});

test("what is sure and right costs nothing, and what is sure and wrong a lot but not everything", () => {
  expect(logLoss({ actual: [1, 0], probability: [1, 0] }).value).toBeCloseTo(0, 12);
  expect(logLoss({ actual: [0], probability: [1] }).value).toBeCloseTo(-Math.log(Number.EPSILON), 12);
  expect(brierScore({ actual: [true, false], probability: [1, 0] })).toMatchObject({
    value: 0,
    signature: "brier|classes:2|scale:half|version:1",
  });
  expect(logLoss({ actual: [], probability: [] })).toMatchObject({ value: null, reason: "There is no item." });
});

test("what is no probability is refused with its row", () => {
  expect(() => logLoss({ actual: [1], probability: [1.2] })).toThrow("Row 0 holds 1.2");
  const forecast = { labels: ["a", "b"], actual: ["a"], probabilities: [[0.5, 0.4]] };
  expect(() => brierScore(forecast)).toThrow("row 0 add up to 0.9");
  expect(() => brierScore({ ...forecast, actual: ["c"], probabilities: [[0.5, 0.5]] })).toThrow('"c" is not among');
  expect(() => rocAuc({ actual: [1], score: [Number.NaN] })).toThrow("A score is NaN");
});
