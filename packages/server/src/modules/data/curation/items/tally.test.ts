import { expect, test } from "vitest";
import { createTally } from "./tally.ts";

const tallyOf = (values: readonly number[]) => {
  const tally = createTally();
  for (const value of values) tally.add(value);
  return tally;
};

test("small whole numbers are stored exactly", () => {
  const { mean, min, p25, median, p75, max, count } = tallyOf(
    Array.from({ length: 101 }, (_, at) => at),
  ).distribution();
  expect({ mean, min, p25, median, p75, max, count }).toEqual({
    mean: 50,
    min: 0,
    p25: 25,
    median: 50,
    p75: 75,
    max: 100,
    count: 101,
  });
});

test("large numbers and shares are at most half a per cent off", () => {
  const values = Array.from({ length: 10_000 }, (_, at) => 1_000 + at * 7.3);
  const { median, p95 } = tallyOf(values).distribution();
  expect(Math.abs(median / (values[5_000] ?? 0) - 1)).toBeLessThan(0.006);
  expect(Math.abs(p95 / (values[9_500] ?? 0) - 1)).toBeLessThan(0.006);
});

test("every value is in one bin of a histogram, giants in the last", () => {
  const values = [...Array.from({ length: 1_000 }, (_, at) => at % 50), 1_000_000];
  const { from, to, counts } = tallyOf(values).histogram();
  expect([from, to]).toEqual([0, 49]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_001);
  expect(counts.at(-1)).toBeGreaterThanOrEqual(21);
});

test("a histogram reaches as far as its threshold, or as the largest value", () => {
  expect(tallyOf([...Array.from({ length: 1_000 }, () => 1), 2, 50]).histogram(20).to).toBe(20);
  expect(tallyOf([1, 2, 3]).histogram(20).to).toBe(3);
});

test("nothing and numbers that are none are no numbers", () => {
  expect(createTally().distribution()).toMatchObject({ count: 0, mean: 0, median: 0, histogram: { counts: [] } });
  expect(tallyOf([Number.NaN, Number.POSITIVE_INFINITY, 4]).distribution()).toMatchObject({ count: 1, mean: 4 });
});
