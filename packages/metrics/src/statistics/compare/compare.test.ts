import { expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { compareCorpus, compareRuns, correctVerdict, holm, type RunsToCompare } from "../index.ts";

const random = createRandom(11);
const noise = (n: number, scale = 1) => Array.from({ length: n }, () => scale * random.normal());
const shifted = (values: readonly number[], by: number, scale: number) =>
  values.map((value) => value + by + scale * random.normal());
const passes = (n: number, rate: number) => Array.from({ length: n }, (_, item) => (item < n * rate ? 1 : 0));

test("a clear gain is better, the same turned round is worse, and lower can be better", () => {
  const base = noise(200);
  const head = shifted(base, 0.5, 0.5);
  const compared = compareRuns({ kind: "number", base, head, margin: 0.1 });
  expect(compared).toMatchObject({ verdict: "better", test: "sign-flip", n: 200, groups: 200, moreItems: null });
  expect(compared.interval?.[0]).toBeGreaterThan(0.35);
  expect(compared.pValue).toBe(1 / 10_001);
  expect(compareRuns({ kind: "number", base: head, head: base, margin: 0.1 }).verdict).toBe("worse");
  expect(compareRuns({ kind: "number", base, head, margin: 0.1, higherIsBetter: false }).verdict).toBe("worse");
});

test("small noise around nothing is equivalent only for a margin above it", () => {
  const base = noise(400);
  const head = shifted(base, 0, 0.2);
  expect(compareRuns({ kind: "number", base, head, margin: 0.05 }).verdict).toBe("equivalent");
  expect(compareRuns({ kind: "number", base, head, margin: 0 }).verdict).toBe("inconclusive");
});

test("a difference that is real but smaller than what matters is equivalent", () => {
  const base = noise(2_000);
  const compared = compareRuns({ kind: "number", base, head: shifted(base, 0.02, 0.2), margin: 0.1 });
  expect(compared.pValue).toBeLessThan(0.01);
  expect(compared.verdict).toBe("equivalent");
});

test("few items are inconclusive, and as many more as it says settle it", () => {
  const base = noise(30);
  const compared = compareRuns({ kind: "number", base, head: shifted(base, 0.05, 0.5), margin: 0.1 });
  expect(compared.verdict).toBe("inconclusive");
  expect(compared.minimumDetectableEffect).toBeGreaterThan(0.1);
  const more = compared.moreItems ?? 0;
  expect(more).toBeGreaterThan(50);
  const settled = Array.from({ length: 40 }, () => {
    const start = noise(30 + more);
    return compareRuns({ kind: "number", base: start, head: shifted(start, 0.1, 0.5), margin: 0.1, resamples: 500 })
      .verdict;
  });
  expect(settled.filter((verdict) => verdict === "better").length).toBeGreaterThan(24);
});

test("pass and fail are compared by the items that changed", () => {
  const base = passes(100, 0.5);
  const head = base.map((score, item) => (item >= 50 && item < 70 ? 1 : score));
  const compared = compareRuns({ kind: "binary", base, head, margin: 0.02 });
  expect(compared).toMatchObject({ test: "mcnemar-exact", verdict: "better", meanBase: 0.5, meanHead: 0.7 });
  expect(compared.pValue).toBeCloseTo(2 ** -19, 10);
  expect(compared.effectSize).toBeCloseTo(0.4115, 4);
});

test("five of five changes for the better are still inconclusive, for chance does that once in 16", () => {
  const base = passes(40, 0.5);
  const head = base.map((score, item) => (item >= 20 && item < 25 ? 1 : score));
  expect(compareRuns({ kind: "binary", base, head })).toMatchObject({ verdict: "inconclusive", pValue: 0.0625 });
});

test("runs that agree on every item are equivalent only with items enough", () => {
  const same = (n: number): RunsToCompare => ({ kind: "binary", base: passes(n, 1), head: passes(n, 1), margin: 0.03 });
  const few = compareRuns(same(10));
  expect(few).toMatchObject({ verdict: "inconclusive", difference: 0, pValue: 1 });
  expect(few.moreItems).toBeGreaterThan(100);
  expect(compareRuns(same(300)).verdict).toBe("equivalent");
  const numbers = { kind: "number", bounds: [0, 1], margin: 0.03 } as const;
  const half = (n: number) => new Array<number>(n).fill(0.5);
  expect(compareRuns({ ...numbers, base: half(10), head: half(10) }).verdict).toBe("inconclusive");
  expect(compareRuns({ ...numbers, base: half(300), head: half(300) }).verdict).toBe("equivalent");
});

test("constant scores without bounds have no interval, for nothing says how far others may lie", () => {
  const compared = compareRuns({ kind: "number", base: [2, 2, 2], head: [2, 2, 2], margin: 0.1 });
  expect(compared).toMatchObject({
    interval: null,
    effectSize: null,
    verdict: "inconclusive",
    moreItems: null,
    pValue: 1,
  });
});

test("averaged repeats of pass and fail are compared as numbers", () => {
  const base = [0.2, 0.4, 0, 1, 0.6, 0.8];
  expect(compareRuns({ kind: "binary", base, head: [0.4, 0.4, 0.2, 1, 0.8, 1] })).toMatchObject({
    test: "sign-flip",
    pValue: 0.125,
  });
});

test("items of one cluster count as one witness", () => {
  const clusters = Array.from({ length: 200 }, (_, item) => item % 10);
  const swing = noise(10);
  const base = noise(200, 0.1);
  const head = base.map((score, item) => score + 0.4 + (swing[item % 10] ?? 0));
  const alone = compareRuns({ kind: "number", base, head });
  const together = compareRuns({ kind: "number", base, head, clusters });
  expect(together.groups).toBe(10);
  const width = (interval: readonly [number, number] | null) => (interval === null ? 0 : interval[1] - interval[0]);
  expect(width(together.interval)).toBeGreaterThan(3 * width(alone.interval));
  expect(compareRuns({ kind: "number", base, head, clusters: base.map(() => "one") })).toMatchObject({
    interval: null,
    pValue: 1,
  });
});

test("one timeout hides nothing from ranks", () => {
  const base = noise(60).map((value) => 100 + value);
  const head = base.map((value, item) => (item === 0 ? 60_000 : value - 5 + 0.1 * random.normal()));
  const compared = compareRuns({ kind: "number", base, head, test: "wilcoxon", higherIsBetter: false, margin: 1 });
  expect(compared).toMatchObject({ verdict: "better", test: "wilcoxon" });
  expect(compared.difference).toBeCloseTo(-5, 0);
  expect(compareRuns({ kind: "number", base, head, higherIsBetter: false, margin: 1 }).verdict).toBe("inconclusive");
});

test("no item and one item have no interval and are inconclusive", () => {
  const none = compareRuns({ kind: "number", base: [], head: [] });
  expect(none).toMatchObject({
    n: 0,
    meanBase: null,
    difference: null,
    interval: null,
    pValue: null,
    verdict: "inconclusive",
  });
  const one = compareRuns({ kind: "number", base: [1], head: [3], margin: 5 });
  expect(one).toMatchObject({
    n: 1,
    difference: 2,
    interval: null,
    pValue: 1,
    verdict: "inconclusive",
    moreItems: null,
  });
  expect(compareRuns({ kind: "binary", base: [0], head: [1] })).toMatchObject({
    n: 1,
    pValue: 1,
    verdict: "inconclusive",
  });
  const ranks = compareRuns({ kind: "number", base: [1, 2], head: [2, 3], test: "wilcoxon" });
  expect(ranks).toMatchObject({ difference: null, interval: null, verdict: "inconclusive" });
});

test("looked at among many, a small p-value is no verdict any more, and says what it lacks", () => {
  const base = passes(60, 0.5);
  const head = base.map((score, item) => (item >= 30 && item < 37 ? 1 : score));
  const compared = compareRuns({ kind: "binary", base, head, margin: 0.01 });
  const demand = { margin: 0.01, alpha: 0.05, higherIsBetter: true };
  expect(compared.verdict).toBe("better");
  const [adjusted = null] = holm([compared.pValue, 0.4, 0.6, 0.9]);
  expect(adjusted).toBeCloseTo(4 * 2 ** -6, 12);
  const corrected = correctVerdict(compared, adjusted, demand);
  expect(corrected.verdict).toBe("inconclusive");
  expect(corrected.moreItems).toBeGreaterThan(0);
  expect(correctVerdict(compared, compared.pValue, demand)).toEqual({ verdict: "better", moreItems: null });
  expect(correctVerdict(compared, null, demand)).toEqual({ verdict: "inconclusive", moreItems: null });
});

test("the same seed gives the same answer", () => {
  const base = noise(50);
  const runs: RunsToCompare = { kind: "number", base, head: shifted(base, 0.1, 1), resamples: 500 };
  expect(compareRuns({ ...runs, seed: 4 })).toEqual(compareRuns({ ...runs, seed: 4 }));
  expect(compareRuns({ ...runs, seed: 4 }).interval).not.toEqual(compareRuns({ ...runs, seed: 5 }).interval);
});

test.each([
  [{ base: [1, Number.NaN], head: [1, 2] }, "base[1] is NaN: leave out items without a score, on both sides."],
  [{ base: [1], head: [Number.POSITIVE_INFINITY] }, "head[0] is Infinity"],
  [{ base: [1], head: [1, 2] }, "base has 1 items and head 2"],
  [{ base: [1], head: [1], clusters: [1, 2] }, "base has 1 items and head 2"],
  [{ base: [1], head: [1], alpha: 0.5 }, "alpha is 0.5"],
  [{ base: [1], head: [1], alpha: 5 }, "alpha is 5"],
  [{ base: [1], head: [1], margin: -1 }, "margin is -1"],
  [{ base: [1], head: [1], resamples: 0 }, "resamples is 0"],
  [{ base: [1], head: [1], clusters: [1], test: "wilcoxon" as const }, "knows no clusters"],
  [{ base: [2], head: [1], kind: "binary" as const }, "lies outside 0 and 1"],
])("what cannot be compared is refused: %j", (runs, message) => {
  expect(() => compareRuns({ kind: "number", ...runs })).toThrow(RangeError);
  expect(() => compareRuns({ kind: "number", ...runs })).toThrow(message);
});

/** A rate over all items, from rows of hits and chances. */
const rate = ([hits = 0, chances = 0]: readonly number[]) => (chances === 0 ? null : hits / chances);
const rows = (n: number, share: number) => Array.from({ length: n }, () => [random.next() < share ? 2 : 0, 2]);

test("a metric of the whole set is computed again for each resample", () => {
  const base = rows(150, 0.5);
  const head = base.map(([hits = 0, chances = 0]) => [Math.max(hits, random.next() < 0.4 ? 2 : 0), chances]);
  const compared = compareCorpus({ base, head, score: rate, margin: 0.02 });
  expect(compared).toMatchObject({ verdict: "better", test: "paired-bootstrap", n: 150, groups: 150 });
  expect(compared.difference).toBe((compared.meanHead ?? 0) - (compared.meanBase ?? 0));
  const clusters = base.map((_, item) => item % 5);
  expect(compareCorpus({ base, head, score: rate, clusters, resamples: 200 }).groups).toBe(5);
});

test("a metric of the whole set says so where it does not exist", () => {
  expect(compareCorpus({ base: [], head: [], score: rate })).toMatchObject({
    n: 0,
    meanBase: null,
    verdict: "inconclusive",
  });
  expect(compareCorpus({ base: [[0, 0]], head: [[1, 1]], score: rate })).toMatchObject({
    meanBase: null,
    meanHead: 1,
    difference: null,
  });
  expect(compareCorpus({ base: [[1, 1]], head: [[0, 1]], score: rate })).toMatchObject({
    difference: -1,
    interval: null,
  });
  const alike = compareCorpus({
    base: [
      [1, 1],
      [1, 1],
    ],
    head: [
      [1, 1],
      [1, 1],
    ],
    score: rate,
    margin: 0.1,
  });
  expect(alike).toMatchObject({ difference: 0, interval: null, pValue: null, verdict: "inconclusive" });
  // Exists on the whole, and in too few of the resamples.
  const rare = [[1, 1], ...Array.from({ length: 9 }, () => [0, 0])];
  expect(
    compareCorpus({
      base: rare,
      head: rare.map(([hits = 0, all = 0]) => [hits / 2, all]),
      score: rate,
      resamples: 200,
    }),
  ).toMatchObject({
    interval: null,
    verdict: "inconclusive",
  });
  expect(() =>
    compareCorpus({
      base: [[1, 1], [1]],
      head: [
        [1, 1],
        [1, 1],
      ],
      score: rate,
    }),
  ).toThrow("Item 1 has 3 statistics");
});
