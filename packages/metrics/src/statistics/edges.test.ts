import { expect, test } from "vitest";
import {
  alwaysValid,
  asymptoticSequence,
  benjaminiHochberg,
  betaBinomialSequence,
  bettingEValues,
  bettingSequence,
  bootstrapInterval,
  bootstrapMean,
  bootstrapScore,
  clopperPearsonInterval,
  decideVerdict,
  equivalence,
  estimateClusteredMean,
  estimateMean,
  hodgesLehmann,
  holm,
  judgeRateChange,
  mcnemarCorrected,
  mcnemarExact,
  newcombeInterval,
  newcombePairedInterval,
  nonInferiority,
  pairedMeanPower,
  pairedRatePower,
  planItems,
  readFlakiness,
  sampleRatioMismatch,
  signFlipTest,
  wilcoxonTest,
  wilsonInterval,
} from "./index.ts";

test("without data there is null, never 0", () => {
  const empty = { successes: 0, n: 0 };
  expect([wilsonInterval(empty), clopperPearsonInterval(empty)]).toEqual([null, null]);
  expect(newcombeInterval({ base: empty, head: { successes: 1, n: 2 } })).toBeNull();
  expect(newcombePairedInterval({ both: 0, baseOnly: 0, headOnly: 0, neither: 0 })).toBeNull();
  expect([estimateMean([]), estimateMean([1]), estimateClusteredMean([1, 2], ["a", "a"])]).toEqual([null, null, null]);
  expect([bootstrapMean([]), bootstrapMean([1]), bootstrapScore([], () => 1)]).toEqual([null, null, null]);
  expect(bootstrapScore([[0], [0]], () => null)).toBeNull();
  expect([signFlipTest([]), wilcoxonTest([]), hodgesLehmann([1, 2, 3, 4, 5])]).toEqual([null, null, null]);
  expect([
    mcnemarCorrected({ baseOnly: 0, headOnly: 0 }),
    sampleRatioMismatch([]),
    sampleRatioMismatch([0, 0]),
  ]).toEqual([null, null, null]);
  expect(judgeRateChange({ base: empty, head: { successes: 1, n: 1 } })).toBeNull();
  expect([alwaysValid({ n: 99, mean: 1, variance: 1 }), asymptoticSequence({ n: 500, mean: 1, variance: 0 })]).toEqual([
    null,
    null,
  ]);
  expect([holm([]), benjaminiHochberg([])]).toEqual([[], []]);
  expect([pairedMeanPower(1, { difference: 1, sd: 1 }), pairedRatePower(0, { difference: 0.1, changed: 0.1 })]).toEqual(
    [0, 0],
  );
});

test("nothing that changed is no evidence", () => {
  expect(mcnemarExact({ baseOnly: 0, headOnly: 0 })).toBe(1);
  expect(signFlipTest([0, 0, 0])).toEqual({ pValue: 1, isExact: true });
  expect(wilcoxonTest([0, 0])).toMatchObject({ pValue: 1 });
});

test("intervals of a rate touch the end that was seen, and not the other", () => {
  expect(wilsonInterval({ successes: 0, n: 20 })?.[0]).toBe(0);
  expect(wilsonInterval({ successes: 20, n: 20 })?.[1]).toBe(1);
  expect(wilsonInterval({ successes: 20, n: 20 })?.[0]).toBeCloseTo(0.8389, 4);
  expect(clopperPearsonInterval({ successes: 0, n: 20 })?.[1]).toBeCloseTo(1 - 0.025 ** (1 / 20), 12);
});

test("equal values have an interval of no width, and the bootstrap says so too", () => {
  expect(estimateMean([2, 2, 2])?.interval).toEqual([2, 2]);
  const drawn = bootstrapMean([2, 2, 2], { resamples: 50 });
  expect(drawn?.standardError).toBe(0);
  for (const method of ["percentile", "bca", "t"] as const) {
    expect(drawn === null ? null : bootstrapInterval(drawn, { method })).toEqual([2, 2]);
  }
});

test("an untested comparison stays untested and does not make the others stricter", () => {
  expect(holm([0.02, null, 0.04])).toEqual([0.04, null, 0.04]);
  expect(benjaminiHochberg([null, 0.03])).toEqual([null, 0.03]);
});

test("not worse is shown by a bound, equivalent by two", () => {
  const measured = { difference: -0.01, standardError: 0.02, margin: 0.05 };
  expect(nonInferiority(measured)).toMatchObject({ isNonInferior: true });
  expect(nonInferiority(measured).bound).toBeCloseTo(-0.01 - 1.6448536269514722 * 0.02, 12);
  expect(equivalence(measured).isEquivalent).toBe(true);
  expect(equivalence({ ...measured, difference: 0.04 })).toMatchObject({ isEquivalent: false });
  expect(nonInferiority({ ...measured, difference: 0.04 }).isNonInferior).toBe(true);
});

test("a p-value adjusted for many looks can take a verdict back", () => {
  const shown = { difference: 0.1, interval: [0.01, 0.19], equivalenceInterval: [0.03, 0.17], pValue: 0.03 } as const;
  const demand = { margin: 0.05, alpha: 0.05, higherIsBetter: true };
  expect(decideVerdict(shown, demand)).toBe("better");
  expect(decideVerdict({ ...shown, pValue: 0.09 }, demand)).toBe("inconclusive");
  expect(decideVerdict({ ...shown, interval: [-0.01, 0.19] }, demand)).toBe("inconclusive");
  expect(decideVerdict(shown, { ...demand, margin: 0.2 })).toBe("equivalent");
});

test("sequences close in on the truth and never leave 0 and 1", () => {
  expect(betaBinomialSequence({ successes: 0, n: 0 })).toEqual([0, 1]);
  const [low, high] = betaBinomialSequence({ successes: 700, n: 1_000 });
  expect(low).toBeGreaterThan(0.63);
  expect(high).toBeLessThan(0.76);
  expect(betaBinomialSequence({ successes: 10, n: 10 })[1]).toBe(1);
  expect(bettingSequence([])).toEqual([0, 1]);
  const values = Array.from({ length: 500 }, (_, place) => (place % 2 === 0 ? 0.45 : 0.55));
  const [from, to] = bettingSequence(values);
  expect(from).toBeGreaterThan(0.42);
  expect(to).toBeLessThan(0.58);
  const eValueAt = (mean: number) => Math.max(...bettingEValues(values, mean));
  expect(eValueAt(from - 0.01)).toBeGreaterThan(20);
  expect(eValueAt(from + 0.01)).toBeLessThan(20);
});

test("flakiness is claimed of a test that flipped, steadiness only after runs enough", () => {
  expect(readFlakiness([])).toEqual({ runs: 0, passRate: null, interval: null, flips: 0, state: "unknown" });
  expect(readFlakiness([true, true, true]).state).toBe("unknown");
  expect(readFlakiness(new Array<boolean>(30).fill(true)).state).toBe("steady-pass");
  expect(readFlakiness(new Array<boolean>(30).fill(false)).state).toBe("steady-fail");
  expect(readFlakiness([true, false, true, true])).toMatchObject({ state: "flaky", flips: 2, passRate: 0.75 });
  const change = judgeRateChange({ base: { successes: 10, n: 10 }, head: { successes: 2, n: 10 } });
  expect(change).toMatchObject({ isNoise: false });
  expect(change?.probabilityWorse).toBeGreaterThan(0.99);
});

test.each([
  [() => wilsonInterval({ successes: 3, n: 2 }), "successes is 3 of 2"],
  [() => wilsonInterval({ successes: 0.5, n: 2 }), "successes is 0.5"],
  [() => wilsonInterval({ successes: 1, n: 2.5 }), "n is 2.5"],
  [() => wilsonInterval({ successes: 1, n: 2 }, 1.5), "alpha is 1.5"],
  [() => estimateMean([Number.NaN, 1]), "values[0] is NaN"],
  [() => signFlipTest([Number.NaN]), "differences[0] is NaN"],
  [() => holm([1.2]), "pValues[0] is 1.2"],
  [() => mcnemarExact({ baseOnly: -1, headOnly: 2 }), "successes is -1"],
  [() => equivalence({ difference: 0, standardError: 0, margin: 1 }), "standardError is 0"],
  [() => equivalence({ difference: Number.NaN, standardError: 1, margin: 1 }), "difference is NaN"],
  [() => nonInferiority({ difference: 0, standardError: 1, margin: 0 }), "margin is 0"],
  [() => pairedMeanPower(10, { difference: 0, sd: 1 }), "difference is 0"],
  [() => pairedMeanPower(10, { difference: 1, sd: 0 }), "sd is 0"],
  [() => pairedRatePower(10, { difference: 0.5, changed: 0.2 }), "changed is 0.2"],
  [() => planItems({ difference: 1, sdBetween: 0, sdWithin: 0 }), "sdBetween is 0 and sdWithin 0"],
  [() => planItems({ difference: 1, sdBetween: 1, sdWithin: 0, power: 1 }), "power is 1"],
  [() => sampleRatioMismatch([1, 2], [1]), "2 counts and 1 weights"],
  [() => sampleRatioMismatch([1, 0.5]), "no whole number"],
  [() => sampleRatioMismatch([1, 2], [1, 0]), "not above 0"],
  [() => bettingSequence([0.5, 1.5]), "values[1] is 1.5"],
  [() => bettingEValues([0.5], 1), "mean is 1"],
  [() => betaBinomialSequence({ successes: 3, n: 2 }), "successes is 3"],
  [() => alwaysValid({ n: 200, mean: 0, variance: 1 }, { tunedFor: 0 }), "tunedFor is 0"],
])("what cannot be answered is refused with what is wrong %#", (call, message) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
