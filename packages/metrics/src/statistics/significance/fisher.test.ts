import { expect, test } from "vitest";
import { fisherExact } from "./fisher.ts";

const ofTable = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]) =>
  fisherExact({ successes: a, n: a + b }, { successes: c, n: c + d });

test.each([
  // scipy.stats.fisher_exact's own example, and the lady who tastes tea.
  [[8, 2], [1, 5], 0.03496503496503495],
  [[3, 1], [1, 3], 0.4857142857142857],
  // One of all tables with these margins: 1 / choose(10, 5) on each side.
  [[5, 0], [0, 5], 2 / 252],
  [[4, 0], [6, 0], 1],
  [[0, 3], [0, 9], 1],
] as const)("%j against %j", (...given) => {
  const [first, second, expected] = given;
  expect(ofTable(first, second)).toBeCloseTo(expected, 12);
  expect(ofTable(second, first)).toBeCloseTo(expected, 12);
});

test("nothing on one side is no test, and what is no count is refused", () => {
  expect(fisherExact({ successes: 0, n: 0 }, { successes: 1, n: 2 })).toBeNull();
  expect(() => fisherExact({ successes: 3, n: 2 }, { successes: 1, n: 2 })).toThrow(RangeError);
  expect(() => fisherExact({ successes: 0.5, n: 2 }, { successes: 1, n: 2 })).toThrow(RangeError);
});

test("of shares that are the same it rejects no more often than it says", () => {
  // All tables of 12 and 9 with 7 successes, each by its chance under the null: those with p ≤ 0.05 weigh at most 0.05.
  let rejected = 0;
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
  for (let inFirst = 0; inFirst <= 7; inFirst += 1) {
    const p = fisherExact({ successes: inFirst, n: 12 }, { successes: 7 - inFirst, n: 9 }) ?? 1;
    if (p <= 0.05) rejected += (choose(12, inFirst) * choose(9, 7 - inFirst)) / choose(21, 7);
  }
  expect(rejected).toBeLessThanOrEqual(0.05);
});
