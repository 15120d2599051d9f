import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { effectiveSize } from "../statistics/shared/effective-size.ts";
import { areaUnder } from "./area-under.ts";
import { domainClassifier } from "./domain-classifier.ts";
import { maximumMeanDiscrepancy } from "./mmd.ts";

const SIZE = 24;
const clouds = (count: number, shift: number, seed: number) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () =>
    Float64Array.from({ length: SIZE }, (_, at) => random.normal() + (at === 0 ? shift : 0)),
  );
};

test("the area is the share of pairs in the right order, half for ties", () => {
  expect(areaUnder([1, 2, 3], [2, 3, 4])).toBeCloseTo(7 / 9, 12);
  expect(areaUnder([1, 1], [1, 1])).toBe(0.5);
  expect(areaUnder([], [1])).toBe(0.5);
});

test("a shift of one standard deviation is found at about its best possible area, and an equal source is not", () => {
  const found = domainClassifier(
    { reference: clouds(400, 0, 1), current: clouds(400, 1, 2) },
    { random: createRandom(1) },
  );
  // The best possible area is Φ(1/√2) = 0.760.
  expect(found?.auc).toBeGreaterThan(0.7);
  expect(found?.auc).toBeLessThan(0.79);
  expect(found?.pValue).toBeLessThan(1e-6);
  const same = domainClassifier(
    { reference: clouds(400, 0, 3), current: clouds(400, 0, 4) },
    { random: createRandom(1) },
  );
  expect(same?.interval[0]).toBeLessThan(0.5);
  expect(same?.pValue).toBeGreaterThan(0.01);
});

test("repeats of one user's text are not evidence if they share a group", () => {
  const repeated = (seed: number) => clouds(20, 0, seed).flatMap((vector) => Array<Float64Array>(20).fill(vector));
  const samples = { reference: repeated(5), current: repeated(6) };
  const users = (side: string) => Array.from({ length: 400 }, (_, at) => `${side}${Math.floor(at / 20)}`);
  const grouped = { reference: users("r"), current: users("c") };
  expect(domainClassifier(samples, { random: createRandom(1) })?.auc).toBeGreaterThan(0.95);
  expect(domainClassifier(samples, { random: createRandom(1), groups: grouped })?.pValue).toBeGreaterThan(0.01);
  const options = { random: createRandom(2), permutations: 99 };
  expect(maximumMeanDiscrepancy(samples, options).pValue).toBe(0.01);
  expect(maximumMeanDiscrepancy(samples, { ...options, groups: grouped }).pValue).toBeGreaterThan(0.05);
});

test("a sample with fewer groups than folds has no result", () => {
  const reference = clouds(40, 0, 7);
  const groups = { reference: reference.map((_, at) => `r${at % 4}`), current: reference.map((_, at) => `c${at}`) };
  expect(domainClassifier({ reference, current: reference }, { random: createRandom(1), groups })).toBeNull();
});

test("the effective size is the number of groups if values are equal within groups", () => {
  const groups = Array.from({ length: 200 }, (_, at) => `${at % 20}`);
  const values = groups.map((group) => Number(group) % 2);
  expect(effectiveSize(values, groups)).toBeCloseTo(19.1, 1);
  const random = createRandom(8);
  expect(
    effectiveSize(
      groups.map(() => random.normal()),
      groups,
    ),
  ).toBeGreaterThan(100);
  expect(effectiveSize([1, 1, 1], ["a", "a", "b"])).toBe(3);
  expect(() => effectiveSize([1], [])).toThrow("give one for each");
});
