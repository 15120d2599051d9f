import { expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import {
  addUnit,
  adjustByCovariate,
  adjustSums,
  armDifference,
  blockEvidence,
  doublyRobust,
  errorShareEvidence,
  fitCovariate,
  fitCovariateSums,
  inversePropensity,
  meanArm,
  mixtureRatio,
  NO_SUMS,
  oneSidedSequence,
  pooledRateDifference,
  probabilitiesBest,
  rateArm,
  relativeArmDifference,
  selfNormalized,
  sequentialRatioEValue,
  topTwoWeights,
  twoArmSequence,
  unitsUntilBelow,
  withFloor,
} from "../index.ts";
import { variance } from "../shared/moments.ts";

/** Equal within 1e-9 of the value. */
const same = (told: number | null | undefined, wanted: number) =>
  expect(Math.abs((told ?? Number.NaN) / wanted - 1)).toBeLessThan(1e-9);
const rates = (control: readonly [number, number], treatment: readonly [number, number]) => {
  const arms = [control, treatment].map(([successes, n]) => rateArm({ successes, n }));
  const [a, b] = arms;
  if (!a || !b) throw new Error("an arm is empty");
  return { absolute: armDifference(a, b), relative: relativeArmDifference(a, b) };
};

test("the mixture ratio test of 500 and 500 units", () => {
  const estimate = { n: 1_000, difference: 0.05, standardError: Math.sqrt(0.25 / 500 + 0.21 / 500) };
  const wide = mixtureRatio(estimate, { mixing: 1e-3 });
  same(wide?.eValue, 1.4046674551118898);
  same(wide?.pValue, 0.7119122724462525);
  same((wide?.interval[1] ?? 0) - 0.05, 0.10900860268190758);
  const narrow = mixtureRatio(estimate, { mixing: 1e-4 });
  same(narrow?.eValue, 1.0850361864226292);
  same(narrow?.pValue, 0.921628248452253);
  same((narrow?.interval[1] ?? 0) - 0.05, 0.23914887451730296);
});

test.each([
  [500, 0.1724032843509863, 0.1645330127172513],
  [1_000, 0.10637547006557505, 0.09968835103830144],
  [5_000, 0.042924337188268456, 0.03930232758693268],
  [20_000, 0.022112036165461417, 0.020281212226954073],
])("the half-widths of both sequences at %d units", (n, twoSided, oneSided) => {
  const estimate = { n, difference: 0, standardError: Math.sqrt(1 / n) };
  same(twoArmSequence(estimate)?.interval[1], twoSided);
  same(-(oneSidedSequence(estimate)?.lowerBound ?? 0), oneSided);
});

test.each([
  [[50, 1_000], [15, 100], 5_000, [-0.020677555464299918, 0.2206775554642999], 0.14974495995673887],
  [[50, 1_000], [15, 100], 1_000, [-0.010385652233400322, 0.2103856522334003], 0.10492064398225555],
  [[450, 9_000], [80, 1_000], 5_000, [0.002810052722679538, 0.05718994727732046], 0.01917664223268111],
  [[450, 9_000], [80, 1_000], 1_000, [0.00120923165195028, 0.05879076834804972], 0.032040038242829215],
] as const)("gbstats' interval of %j against %j, tuned for %d", (...given) => {
  const [control, treatment, tunedFor, interval, pValue] = given;
  const sequence = twoArmSequence(rates(control, treatment).absolute, { tunedFor });
  same(sequence?.interval[0], interval[0]);
  same(sequence?.interval[1], interval[1]);
  same(sequence?.pValue, pValue);
});

test("gbstats' relative intervals of rates and of means", () => {
  const { relative } = rates([450, 9_000], [80, 1_000]);
  const found = relative && twoArmSequence(relative);
  same(found?.interval[0], 0.028524252478082324);
  same(found?.interval[1], 1.1714757475219177);
  same(found?.pValue, 0.03184712485671902);
  const control = meanArm({ n: 3_000, sum: 1_396.87, squares: 52_377.9767 });
  const treatment = meanArm({ n: 3_461, sum: 2_422.7, squares: 134_698.29 });
  const means = control && treatment && relativeArmDifference(control, treatment);
  expect(means?.difference).toBeCloseTo(0.50336, 5);
  expect(means?.standardError).toBeCloseTo(0.33341, 5);
  const sequence = means && twoArmSequence(means, { tunedFor: 1_000 });
  expect(sequence?.interval.map((end) => Math.round(end * 1e5) / 1e5)).toEqual([-0.55844, 1.56516]);
  expect(sequence?.pValue).toBe(1);
});

test("a one-sided e-value reaches 1 / alpha exactly where the bound reaches 0", () => {
  const estimate = { n: 4_000, difference: 0.03, standardError: 0.01 };
  const bound = (difference: number) => oneSidedSequence({ ...estimate, difference })?.lowerBound ?? 0;
  const edge = 0.03 - bound(0.03);
  same(oneSidedSequence({ ...estimate, difference: edge })?.eValue, 20);
  expect(oneSidedSequence({ ...estimate, difference: -0.03 })?.eValue).toBe(0);
  expect(() => oneSidedSequence(estimate, { alpha: 0.5 })).toThrow(RangeError);
});

test("so many more units bring the bound below the margin", () => {
  const estimate = { n: 1_000, difference: 0.001, standardError: 0.02 };
  const more = unitsUntilBelow(estimate, 0.03) ?? 0;
  expect(more).toBeGreaterThan(1_000);
  const boundAfter = (units: number) => {
    const later = { n: 1_000 + units, difference: -0.001, standardError: 0.02 * Math.sqrt(1_000 / (1_000 + units)) };
    return -(oneSidedSequence(later)?.lowerBound ?? 0);
  };
  expect(boundAfter(more)).toBeLessThanOrEqual(0.03);
  expect(boundAfter(more * 0.99)).toBeGreaterThan(0.03);
  expect(unitsUntilBelow({ ...estimate, difference: 0.03 }, 0.03)).toBeNull();
  expect(unitsUntilBelow({ ...estimate, standardError: 1e-4 }, 0.03)).toBe(0);
  expect(unitsUntilBelow(estimate, estimate.difference + 1e-12)).toBeNull();
});

test.each([
  [12, 40, 83.41777413055007, 92.6755077813537],
  [20, 60, 26458.463676216503, 29398.286369993446],
  [8, 40, 0.9236406613720135, 1.0076550476006787],
  [3, 30, 0.13663580434252237, 0.09470840616558088],
])("the evidence of %d of %d errors at a share of 10 %%", (...given) => {
  const [treatment, all, twoSided, oneSided] = given;
  const stages = [{ treatment, all, share: 0.1 }];
  same(Math.exp(errorShareEvidence(stages, { isTwoSided: true })), twoSided);
  same(Math.exp(errorShareEvidence(stages)), oneSided);
});

test("the evidence of stages is multiplied, and a share of nothing is refused", () => {
  const one = { treatment: 12, all: 40, share: 0.1 };
  const other = { treatment: 5, all: 9, share: 0.5 };
  same(errorShareEvidence([one, other]), errorShareEvidence([one]) + errorShareEvidence([other]));
  expect(errorShareEvidence([])).toBe(0);
  expect(() => errorShareEvidence([{ ...one, share: 0 }])).toThrow(RangeError);
  expect(() => errorShareEvidence([{ ...one, treatment: 41 }])).toThrow(RangeError);
});

test("the evidence of a broken split", () => {
  same(sequentialRatioEValue([5_000, 5_300], [1, 1], 1), 0.6211297658437004);
  same(sequentialRatioEValue([5_000, 5_300]), 7.4132447393472045);
  same(sequentialRatioEValue([5_000, 5_300], [1, 1], 1_000), 15.96648995113569);
  same(sequentialRatioEValue([950, 50], [95, 5]), 0.2969721057230811);
  same(sequentialRatioEValue([9_400, 600], [95, 5]), 1667.5067117001374);
  same(sequentialRatioEValue([9_400, 0, 600], [95, 0, 5]), 1667.5067117001374);
  expect(sequentialRatioEValue([0, 0])).toBeCloseTo(1, 12);
  expect(() => sequentialRatioEValue([1, 2], [0, 1])).toThrow(/weight 0 and 1 units/);
});

test("the evidence of blocks of two 0/1 streams", () => {
  const repeated = (digits: string) => Array.from(digits.repeat(10), Number);
  const evidence = blockEvidence(repeated("1011011101"), repeated("0010010100"));
  same(evidence[19], 1.8109098545268192);
  same(evidence[49], 174.3736214090229);
  same(evidence[99], 494539.4970139186);
  expect(() => blockEvidence([1], [0.5])).toThrow(RangeError);
});

test("a covariate takes away the variance that it explains", () => {
  const covariates = [9, 11, 10, 14, 8, 12, 13, 7];
  const values = [8, 10, 9, 12, 8, 10, 11, 6];
  const fitted = fitCovariate(values, covariates);
  same(fitted?.slope, 0.7619047619047619);
  same(fitted?.explained, 0.9561157796451913);
  const adjusted = fitted && values.map((value, place) => adjustByCovariate(value, covariates[place] ?? 0, fitted));
  same(variance(values), 3.642857142857143);
  same(variance(adjusted ?? []), 0.1598639455782318);
  expect(fitCovariate([1, 2], [3, 3])).toBeNull();
});

test("a covariate fitted and removed from sums is the same as from the values", () => {
  const covariates = [9, 11, 10, 14, 8, 12, 13, 7];
  const values = [8, 10, 9, 12, 8, 10, 11, 6];
  const sumOf = (of: (x: number, y: number) => number) =>
    values.reduce((sum, y, place) => sum + of(covariates[place] ?? 0, y), 0);
  const sums = {
    n: 8,
    x: sumOf((x) => x),
    xx: sumOf((x) => x * x),
    xy: sumOf((x, y) => x * y),
    y: sumOf((_, y) => y),
    yy: sumOf((_, y) => y * y),
  };
  const fit = fitCovariateSums(sums);
  same(fit?.slope, 0.7619047619047619);
  same(fit?.explained, 0.9561157796451913);
  if (!fit) return;
  // Two more units have no covariate and stay as they are.
  const arm = adjustSums({ sum: sums.y + 5 + 7, squares: sums.yy + 25 + 49 }, sums, fit);
  const own = { n: 8, sum: arm.sum - 12, squares: arm.squares - 74 };
  same(meanArm(own)?.variance, 0.1598639455782318);
  same(own.sum / 8, sums.y / 8);
  expect(fitCovariateSums({ n: 2, x: 6, xx: 18, xy: 9, y: 3, yy: 5 })).toBeNull();
});

test("top-two weights and the floor under them", () => {
  const weights = topTwoWeights([0.6, 0.3, 0.1]);
  for (const [place, wanted] of [0.46190476190476193, 0.3916666666666666, 0.14642857142857144].entries())
    same(weights[place], wanted);
  expect(topTwoWeights([1, 0, 0])).toEqual([0.5, 0.25, 0.25]);
  const floored = withFloor([0.97, 0.03, 0], 0.01);
  for (const [place, wanted] of [0.9509, 0.0391, 0.01].entries()) same(floored[place], wanted);
  expect(() => withFloor([0.5, 0.5], 0.6)).toThrow(RangeError);
});

test("a long stage with few errors of the treatment leaves the evidence of the next one standing", () => {
  // With no error of its own the integral is (1 − w)ᵐ⁺¹ / (m + 1), so the evidence is 1 / (m + 1), however long the stage.
  const quiet = { treatment: 0, all: 10_000, share: 0.1 };
  same(errorShareEvidence([quiet]), -Math.log(10_001));
  const harmful = { treatment: 90, all: 100, share: 0.5 };
  expect(errorShareEvidence([quiet, harmful])).toBeGreaterThan(Math.log(20));
});

test("the better of two arms is the likelier one, and an arm without units is refused", () => {
  const arm = (mean: number) => ({ n: 100, mean, variance: 1 });
  const random = createRandom(1);
  const [first = 0, second = 0] = probabilitiesBest([arm(0), arm(0.1)], { random });
  // Φ(.1 / √.02) = .7602.
  expect(second).toBeGreaterThan(0.74);
  expect(second).toBeLessThan(0.78);
  expect(first + second).toBeCloseTo(1, 12);
  const [lower = 0] = probabilitiesBest([arm(0), arm(0.1)], { random, higherIsBetter: false });
  expect(lower).toBeGreaterThan(0.74);
  expect(() => probabilitiesBest([arm(0), { ...arm(1), n: 0 }], { random })).toThrow(/Arm 2 has 0 units/);
});

test("units that are added up give the arm of all of them", () => {
  const sums = [3, 5, 10].reduce(addUnit, NO_SUMS);
  expect(meanArm(sums)).toEqual({ n: 3, mean: 6, variance: 13 });
  expect(meanArm(addUnit(NO_SUMS, 1))).toBeNull();
  expect(() => addUnit(NO_SUMS, Number.NaN)).toThrow(RangeError);
});

test("a pooled rate has spread before the first error", () => {
  const difference = pooledRateDifference({ successes: 9, n: 900 }, { successes: 0, n: 100 });
  const rate = 10 / 1_002;
  same(difference?.standardError, Math.sqrt(rate * (1 - rate) * (1 / 900 + 1 / 100)));
  expect(pooledRateDifference({ successes: 0, n: 0 }, { successes: 0, n: 5 })).toBeNull();
});

test("three off-policy estimates of a policy that always takes the second variant", () => {
  const call = (reward: number, isSecond: boolean) => ({
    reward,
    propensity: isSecond ? 0.25 : 0.75,
    target: isSecond ? 1 : 0,
    expected: { logged: isSecond ? 0.5 : 0.2, target: 0.5 },
  });
  const calls = [call(1, true), call(0, true), call(1, true), call(0, false), call(1, false), call(0, false)];
  // (4 + 0 + 4) / 6, 8 / 12, and 0.5 + 4·(0.5 − 0.5 + 0.5) / 6.
  same(inversePropensity(calls)?.value, 8 / 6);
  same(selfNormalized(calls)?.value, 2 / 3);
  same(doublyRobust(calls)?.value, 0.5 + 2 / 6);
  same(inversePropensity(calls)?.effectiveCalls, 3);
  same(inversePropensity(calls, { mostWeight: 2 })?.value, 4 / 6);
  expect(() => inversePropensity([{ reward: 1, propensity: 0, target: 1 }])).toThrow(RangeError);
});
