import { expect, test } from "vitest";
import { betaSource } from "../../../simulations/coverage.ts";
import { COVERAGE, WRONG_PASSES } from "../../../simulations/intervals-coverage.ts";
import { drawnStopCoverage, stopCoverage } from "../../../simulations/stop-coverage.ts";
import { createRandom } from "../../random.ts";
import { ANY_NUMBER, guaranteedBounds, scoreInterval, scoreSpread, wilsonInterval } from "../index.ts";

const SHARE = { min: 0, max: 1 };
const shown = (items: readonly (readonly number[])[], range?: typeof SHARE) => {
  const spread = scoreSpread(items);
  return spread && scoreInterval(spread, range ? { range } : {});
};
const once = (...values: number[]) => values.map((value) => [value]);
const few = { draws: 60, means: [0.03, 0.5, 0.9] };

test.each([5, 10, 20, 50, 200])(
  "the shown interval of %d passes and failures holds the true rate as often as promised",
  (n) => {
    const { average, worst } = COVERAGE["pass or fail"]?.({ n, ...few }) ?? never();
    expect(average).toBeGreaterThanOrEqual(0.94);
    expect(worst).toBeGreaterThanOrEqual(0.83);
  },
);

test.each(["pass or fail, 3 repeats", "numbers, two values", "numbers, beta"])(
  "the shown interval of %s holds the true mean in at least 90 of 100 cases",
  (kind) => {
    for (const n of [5, 10, 20, 50]) {
      const { average, worst } = COVERAGE[kind]?.({ n, ...few }) ?? never();
      expect(average).toBeGreaterThanOrEqual(0.93);
      // Sixty draws of a share of .93 come out below this once in a thousand times.
      expect(worst).toBeGreaterThanOrEqual(0.8);
    }
  },
);

test.each(Object.entries(WRONG_PASSES))(
  "a floor just above the true mean of %s is reached in at most alpha of all cases",
  (kind, share) => {
    for (const n of [5, 10, 20, 50, ...(kind === "pass or fail" ? [200] : [])]) {
      const { average, worst } = share({ n, ...few });
      expect(average).toBeLessThanOrEqual(0.05);
      expect(worst).toBeLessThanOrEqual(kind === "pass or fail" ? 0.05 : 0.15);
    }
  },
);

test("an experiment that stops for precision still shows intervals that hold the true mean", () => {
  const stop = { precision: 0.1, leastItems: 20, stopLevel: 0.975 };
  const passes = stopCoverage([0.02, 0.1, 0.21, 0.5, 0.8, 0.95], stop);
  expect(passes.average).toBeGreaterThanOrEqual(0.94);
  expect(passes.worst).toBeGreaterThanOrEqual(0.92);
  const sources = [0.2, 0.5, 0.9].flatMap((mean) => [0.5, 5].map((size) => betaSource(mean, size)));
  expect(drawnStopCoverage(sources, { ...stop, draws: 60 }).average).toBeGreaterThanOrEqual(0.93);
});

test("items that all pass are never known to pass always, with repeats or without", () => {
  const three = wilsonInterval({ successes: 3, n: 3 });
  expect(shown(once(1, 1, 1))).toEqual(three);
  expect(
    shown([
      [1, 1],
      [1, 1],
      [1, 1],
    ]),
  ).toEqual(three);
  expect(shown(once(1, 1, 1), SHARE)?.[0]).toBeLessThan(0.5);
});

test("repeats that differ within their items are worth more than their items, and never more than all answers", () => {
  const random = createRandom(3);
  const items = Array.from({ length: 40 }, () => Array.from({ length: 5 }, () => Number(random.next() < 0.6)));
  const width = (interval: readonly [number, number] | null) => (interval ? interval[1] - interval[0] : Number.NaN);
  const alike = items.map(([first = 0]) => [first, first, first, first, first]);
  expect(width(shown(items))).toBeLessThan(0.7 * width(shown(alike)));
  expect(shown(alike)).toEqual(shown(alike.map(([first = 0]) => [first])));
  expect(width(shown(items))).toBeGreaterThanOrEqual(width(shown(items.flat().map((value) => [value]))) - 1e-12);
});

test("an interval never leaves the score's range", () => {
  expect(shown(once(0, 0, 0.9), SHARE)?.[0]).toBe(0);
  expect(shown(once(0, 0.1, 0.9))?.[0]).toBe(0);
  expect(shown(once(4, 5, 5, 5), { min: 1, max: 5 })?.[1]).toBe(5);
  const half = scoreSpread(once(0.1, 3, 9, 0.5));
  expect(half && scoreInterval(half, { range: { min: 0, max: null } })?.[0]).toBe(0);
});

test("equal numbers have an interval where their range is known, and none where it is not", () => {
  expect(shown(once(0.7, 0.7, 0.7, 0.7), SHARE)?.[0]).toBeLessThan(0.4);
  expect(shown(once(3, 3, 3))).toBeNull();
  const differences = scoreSpread(once(0, 0, 0));
  expect(differences && scoreInterval(differences, { range: ANY_NUMBER })).toBeNull();
  expect(shown(once(0.5), SHARE)).toEqual([0, 1]);
  expect(scoreSpread([])).toBeNull();
});

test("a value outside its stated range takes the range away", () => {
  expect(shown(once(0.5, 1.5, 2.5), SHARE)).toEqual([0, expect.closeTo(3.984, 3)]);
  const spread = scoreSpread(once(0.5, 1.5, 2.5));
  expect(spread && scoreInterval(spread, { range: ANY_NUMBER })?.[1]).toBeGreaterThan(2.5);
});

test("guaranteed bounds are Clopper and Pearson's for passes, and hold a range for numbers", () => {
  expect(guaranteedBounds([1, 1, 1])?.[0]).toBeCloseTo(0.05 ** (1 / 3), 10);
  const [low, high] = guaranteedBounds([4, 5, 5, 4, 5, 5, 4, 5], { range: [1, 5] }) ?? never();
  expect(low).toBeGreaterThan(1);
  expect(low).toBeLessThan(4);
  expect(high).toBeLessThanOrEqual(5);
  expect(guaranteedBounds([])).toBeNull();
  expect(() => guaranteedBounds([0.5])).toThrow("values[0] is 0.5");
  expect(() => guaranteedBounds([6], { range: [1, 5] })).toThrow("from 1 to 5");
});

function never(): never {
  throw new Error("There is no such value.");
}
