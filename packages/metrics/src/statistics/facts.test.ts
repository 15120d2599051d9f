import { expect, test } from "vitest";
import { normalCdf } from "../distributions/index.ts";
import {
  alwaysValid,
  alwaysValidTuning,
  asymptoticSequence,
  benjaminiHochberg,
  betaBinomialEValue,
  holm,
  mcnemarCorrected,
  mcnemarExact,
  signFlipTest,
  wilcoxonTest,
  wilsonInterval,
} from "./index.ts";

/** Equal within 1e-12 of the value. */
const same = (told: number | null | undefined, wanted: number) =>
  expect(Math.abs((told ?? Number.NaN) / wanted - 1)).toBeLessThan(1e-12);

// Published by SciPy 1.15: binomtest, chi2, wilcoxon, permutation_test, false_discovery_control.
const DIFFERENCES = [0.1, 0.3, -0.1, 0.2, 0.4, 0, 0.2, -0.05];

test("McNemar's exact and corrected tests of 5 against 12", () => {
  same(mcnemarExact({ baseOnly: 5, headOnly: 12 }), 0.143463134765625);
  same(mcnemarCorrected({ baseOnly: 5, headOnly: 12 })?.statistic, 2.1176470588235294);
  same(mcnemarCorrected({ baseOnly: 5, headOnly: 12 })?.pValue, 0.1456100953968629);
});

test("sign flips and signed ranks of eight differences", () => {
  same(signFlipTest(DIFFERENCES)?.pValue, 0.09375);
  expect(wilcoxonTest(DIFFERENCES)).toEqual({ statistic: 3.5, pValue: 0.09375, method: "exact" });
});

test("Benjamini and Hochberg's, and Holm's, p-values of four tests", () => {
  expect(benjaminiHochberg([0.01, 0.04, 0.03, 0.005])).toEqual([0.02, 0.04, 0.04, 0.02]);
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
});

test("Wilson's interval of 8 in 10 at z = 1.96", () => {
  const interval = wilsonInterval({ successes: 8, n: 10 }, 2 * normalCdf(-1.96));
  same(interval?.[0], 0.49015684672072346);
  same(interval?.[1], 0.9433190520193067);
});

test("GrowthBook's always-valid half-widths", () => {
  const half = (n: number) => alwaysValid({ n, mean: 0, variance: 0.5 })?.interval[1];
  same(alwaysValidTuning(0.05, 5_000), 0.03984006677137368);
  same(half(200), 0.2549979984948722);
  same(half(5_000), 0.030352089903762536);
});

test("TensorZero's asymptotic half-widths", () => {
  same(asymptoticSequence({ n: 100, mean: 0, variance: 0.25 })?.[1], 0.16133336613507268);
  same(asymptoticSequence({ n: 1_000, mean: 0, variance: 0.25 })?.[1], 0.048838022903425246);
});

test("the e-value of 15 in 20 against a half", () => {
  same(betaBinomialEValue({ successes: 15, n: 20 }, 0.5), 3.220600520910118);
});
