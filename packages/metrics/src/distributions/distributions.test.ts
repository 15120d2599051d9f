import { expect, test } from "vitest";
import {
  betaCdf,
  betaQuantile,
  binomialCdf,
  binomialPmf,
  binomialQuantile,
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareSurvival,
  logBeta,
  logBetaCdf,
  logGamma,
  noncentralTCdf,
  normalCdf,
  normalQuantile,
  studentTCdf,
  studentTQuantile,
} from "./index.ts";

test("a quantile undoes its distribution, also far out in the tails", () => {
  for (const p of [1e-12, 1e-6, 0.001, 0.05, 0.3, 0.5, 0.7, 0.975, 0.9999]) {
    const near = (value: number) => expect(Math.abs(value / p - 1)).toBeLessThan(1e-10);
    near(normalCdf(normalQuantile(p)));
    for (const freedom of [1, 2.5, 7, 100, 1e6]) {
      near(studentTCdf(studentTQuantile(p, freedom), freedom));
      near(chiSquareCdf(chiSquareQuantile(p, freedom), freedom));
      near(betaCdf(betaQuantile(p, Math.min(freedom, 1_000), 3), Math.min(freedom, 1_000), 3));
    }
  }
});

test("both sides of a distribution add up to one", () => {
  for (const x of [0.01, 0.4, 0.77, 0.999]) expect(betaCdf(x, 2.5, 40) + betaCdf(1 - x, 40, 2.5)).toBeCloseTo(1, 13);
  for (const t of [0.1, 1, 5, 40]) expect(studentTCdf(t, 5) + studentTCdf(-t, 5)).toBeCloseTo(1, 13);
  for (const x of [0.1, 3, 90]) expect(chiSquareCdf(x, 4) + chiSquareSurvival(x, 4)).toBeCloseTo(1, 13);
});

test("the binomial distribution adds up, and its quantile is the first k that reaches the probability", () => {
  let total = 0;
  for (let k = 0; k <= 40; k += 1) {
    total += binomialPmf(k, 40, 0.3);
    expect(binomialCdf(k, 40, 0.3)).toBeCloseTo(total, 12);
  }
  const k = binomialQuantile(0.2, 40, 0.3);
  expect(binomialCdf(k, 40, 0.3)).toBeGreaterThanOrEqual(0.2);
  expect(binomialCdf(k - 1, 40, 0.3)).toBeLessThan(0.2);
});

test("the ends have their values", () => {
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect([betaCdf(-1, 2, 3), betaCdf(2, 2, 3), betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1, 0, 1]);
  expect([binomialCdf(-1, 5, 0.5), binomialCdf(5, 5, 0.5), binomialPmf(0, 5, 0), binomialPmf(5, 5, 1)]).toEqual([
    0, 1, 1, 1,
  ]);
  expect([chiSquareCdf(0, 3), chiSquareSurvival(0, 3), chiSquareQuantile(0, 3)]).toEqual([0, 1, 0]);
  expect(studentTCdf(1.5, Number.POSITIVE_INFINITY)).toBe(normalCdf(1.5));
  expect([studentTQuantile(0, 3), studentTQuantile(1, 3)]).toEqual([
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
  expect(binomialPmf(2.5, 5, 0.5)).toBe(0);
});

test("without a shift the noncentral t is Student's, and a large shift is near the normal one", () => {
  for (const t of [-2, -0.3, 0.3, 2]) expect(noncentralTCdf(t, 9, 0)).toBeCloseTo(studentTCdf(t, 9), 12);
  expect(noncentralTCdf(40, 5_000, 40)).toBeCloseTo(0.5, 1);
});

test("gamma and beta functions hold what is known of them", () => {
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 14);
  expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
  expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 14);
  expect(logBeta(20, 30)).toBeCloseTo(logGamma(20) + logGamma(30) - logGamma(50), 10);
});

test.each([
  [() => normalQuantile(1.5), "probability is 1.5"],
  [() => studentTQuantile(Number.NaN, 3), "probability is NaN"],
  [() => studentTCdf(Number.NaN, 3), "t is NaN"],
  [() => studentTCdf(1, 0), "freedom is 0"],
  [() => betaCdf(0.5, 0, 1), "shapes of a beta distribution are 0 and 1"],
  [() => betaQuantile(-1, 1, 1), "probability is -1"],
  [() => binomialCdf(1, 2.5, 0.5), "n is 2.5"],
  [() => binomialPmf(1, 2, 2), "p is 2"],
  [() => binomialQuantile(2, 2, 0.5), "probability is 2"],
  [() => chiSquareQuantile(2, 1), "probability is 2"],
  [() => chiSquareCdf(Number.NaN, 1), "x is NaN"],
  [() => logGamma(0), "logGamma of 0"],
])("what is no argument is refused with its value %#", (call, message) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});

test("the logarithm of a beta probability is that of the probability, and finite where that is 0", () => {
  for (const [x, a, b] of [
    [0.1, 2, 3],
    [0.9, 2, 3],
    [0.3, 0.4, 0.2],
    [0.5, 300, 200],
  ] as const)
    expect(logBetaCdf(x, a, b)).toBeCloseTo(Math.log(betaCdf(x, a, b)), 12);
  expect(betaCdf(0.9, 10_001, 1)).toBe(0);
  expect(logBetaCdf(0.9, 10_001, 1)).toBeCloseTo(10_001 * Math.log(0.9), 8);
});
