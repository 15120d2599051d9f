import fc from "fast-check";
import { expect, test } from "vitest";
import { confusionFromStats, confusionOf, confusionStats } from "./confusion.ts";
import { accuracy, balancedAccuracy, fScore, labelScores, matthews, precision, recall } from "./scores.ts";

const AVERAGES = ["micro", "macro", "weighted"] as const;
const label = fc.constantFrom("a", "b", "c", null);
const pairs = fc.array(fc.tuple(label, label), { maxLength: 40 });
const columns = (rows: readonly (readonly (string | null)[])[]) => ({
  actual: rows.map(([actual]) => actual ?? null),
  predicted: rows.map(([, predicted]) => predicted ?? null),
});

test("a quotient of nothing by nothing is null with a reason, and 0 only when that is asked for and signed", () => {
  const confusion = confusionOf({ actual: ["a", "b"], predicted: ["a", "a"] });
  const open = precision(confusion, { average: "macro" });
  expect(open).toEqual({
    value: null,
    signature: "precision|average:macro|zero:null|version:1",
    reason: 'The label "b" was never predicted, so it has no precision.',
  });
  expect(precision(confusion, { average: "macro", zeroDivision: 0 })).toMatchObject({
    value: 0.25,
    signature: "precision|average:macro|zero:0|version:1",
  });
  expect(precision(confusion, { average: "macro", zeroDivision: "exclude" }).value).toBe(0.5);
  expect(labelScores(confusion)[1]).toEqual({ label: "b", precision: null, recall: 0, f: 0, support: 1 });
});

test("nothing to count is undefined for every score", () => {
  const nothing = confusionOf({ actual: [null], predicted: ["a"] });
  expect(nothing).toMatchObject({ labels: [], total: 0, missing: 1 });
  expect(accuracy(nothing).reason).toBe("There is no pair of labels.");
  expect([
    balancedAccuracy(nothing),
    matthews(nothing),
    recall(nothing, { average: "micro", zeroDivision: 0 }),
  ]).toEqual(Array(3).fill(expect.objectContaining({ value: null })));
});

test("columns of different length, a label that was not given and an impossible beta are refused", () => {
  expect(() => confusionOf({ actual: ["a"], predicted: [] })).toThrow("differ in length: 1 and 0");
  expect(() => confusionOf({ actual: ["a"], predicted: ["z"] }, ["a", "b"])).toThrow('The label "z" is not among');
  expect(() => confusionOf({ actual: [], predicted: [] }, ["a", "a"])).toThrow("given twice");
  const confusion = confusionOf({ actual: ["a"], predicted: ["a"] });
  expect(() => fScore(confusion, { average: "macro", beta: 0 })).toThrow("It must be more than 0");
});

test("scores lie within their bounds, and the order of the items does not matter", () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const confusion = confusionOf(columns(rows));
      const turned = confusionOf(columns(rows.toReversed()));
      expect(turned).toEqual(confusion);
      for (const average of AVERAGES) {
        for (const metric of [precision, recall, fScore]) {
          const { value } = metric(confusion, { average, zeroDivision: 0 });
          if (value !== null) expect(value).toSatisfy((share: number) => share >= 0 && share <= 1 + 1e-12);
        }
      }
      const correlation = matthews(confusion).value ?? 0;
      expect(Math.abs(correlation)).toBeLessThanOrEqual(1 + 1e-12);
    }),
    { seed: 11 },
  );
});

test("the micro averages of all labels are the accuracy, and precision is recall with the columns changed over", () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const there = confusionOf(columns(rows));
      const back = confusionOf(columns(rows.map(([actual, predicted]) => [predicted, actual])));
      const right = accuracy(there).value;
      for (const metric of [precision, recall, fScore]) expect(metric(there, { average: "micro" }).value).toBe(right);
      expect(precision(there, { average: "macro" }).value).toBe(recall(back, { average: "macro" }).value);
      expect(matthews(back).value).toBe(matthews(there).value);
    }),
    { seed: 12 },
  );
});

test("the stats of items add up to the confusion of all of them", () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const labels = ["a", "b", "c"];
      const sum = new Array<number>(10).fill(0);
      for (const [actual, predicted] of rows) {
        for (const [at, count] of confusionStats(actual, predicted, labels).entries()) sum[at] = (sum[at] ?? 0) + count;
      }
      expect(confusionFromStats(sum, labels)).toEqual(confusionOf(columns(rows), labels));
    }),
    { seed: 13 },
  );
  expect(() => confusionFromStats([1, 2], ["a"])).not.toThrow();
  expect(() => confusionFromStats([1, 2, 3], ["a"])).toThrow("1 labels have 2 stats, not 3");
});
