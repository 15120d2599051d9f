import { beforeEach, expect, test } from "vitest";
import { createRandom } from "../random.ts";
import {
  alwaysValid,
  asymptoticSequence,
  betaBinomialEValue,
  bettingEValues,
  bootstrapInterval,
  bootstrapMean,
  clopperPearsonInterval,
  compareCorpus,
  compareRuns,
  estimateClusteredMean,
  estimateMean,
  hodgesLehmann,
  judgeRateChange,
  newcombeInterval,
  newcombePairedInterval,
  pairedMeanDetectable,
  pairedMeanItems,
  pairedMeanPower,
  pairedRateDetectable,
  pairedRateItems,
  pairedRatePower,
  planItems,
  sampleRatioMismatch,
  signFlipTest,
  splitNoise,
  wilsonInterval,
} from "./index.ts";

let random = createRandom(2_026);
beforeEach(() => {
  random = createRandom(2_026);
});
const EXPERIMENTS = 2_000;
const coin = (rate: number): number => (random.next() < rate ? 1 : 0);
const normal = () => random.normal();
const normals = (n: number, centre = 0) => Array.from({ length: n }, () => centre + random.normal());
/** The share of experiments for which it is true. */
const share = (experiments: number, isTrue: () => boolean) => {
  let count = 0;
  for (let experiment = 0; experiment < experiments; experiment += 1) if (isTrue()) count += 1;
  return count / experiments;
};
/** Three standard errors of a share of 5 % over so many experiments. */
const slack = (experiments: number) => 3 * Math.sqrt((0.05 * 0.95) / experiments);
const covers = (interval: readonly [number, number] | null | undefined, truth: number) =>
  interval !== null && interval !== undefined && interval[0] <= truth && truth <= interval[1];

/** Looks at a running mean of nothing after every unit from the hundredth on; true when any look calls it a difference. */
function peeks(
  draw: () => number,
  isCalled: (running: { n: number; mean: number; variance: number }) => boolean,
): boolean {
  let [mean, squares] = [0, 0];
  for (let n = 1; n <= 1_000; n += 1) {
    const value = draw();
    const before = mean;
    mean += (value - mean) / n;
    squares += (value - before) * (value - mean);
    if (n >= 100 && isCalled({ n, mean, variance: squares / (n - 1) })) return true;
  }
  return false;
}
const leavesOutZero = (interval: readonly [number, number] | null | undefined) => !covers(interval, 0);

test("peeking after every unit calls nothing a difference in more than 5 % of 2,000 experiments: always-valid", () => {
  expect(
    share(EXPERIMENTS, () => peeks(normal, (running) => leavesOutZero(alwaysValid(running)?.interval))),
  ).toBeLessThan(0.05);
  expect(
    share(EXPERIMENTS, () =>
      peeks(
        () => coin(0.1) - coin(0.1),
        (running) => (alwaysValid(running)?.eValue ?? 0) >= 20,
      ),
    ),
  ).toBeLessThan(0.05);
});

test("the same: asymptotic confidence sequence", () => {
  expect(share(EXPERIMENTS, () => peeks(normal, (running) => leavesOutZero(asymptoticSequence(running))))).toBeLessThan(
    0.05,
  );
});

test("the same with a fixed-size interval goes wrong far more often: what peeking costs", () => {
  const isCalled = ({ n, mean, variance }: { n: number; mean: number; variance: number }) =>
    Math.abs(mean) > 1.96 * Math.sqrt(variance / n);
  expect(share(400, () => peeks(normal, isCalled))).toBeGreaterThan(0.15);
});

test("the same from the first unit on: beta-binomial e-value", () => {
  const isCalled = () => {
    let successes = 0;
    for (let n = 1; n <= 400; n += 1) {
      successes += coin(0.3);
      if (betaBinomialEValue({ successes, n }, 0.3) >= 20) return true;
    }
    return false;
  };
  expect(share(EXPERIMENTS, isCalled)).toBeLessThan(0.05);
});

test("the same from the first unit on: betting", () => {
  const isCalled = () =>
    bettingEValues(
      Array.from({ length: 400 }, () => random.next() ** 2),
      1 / 3,
    ).some((eValue) => eValue >= 20);
  expect(share(EXPERIMENTS, isCalled)).toBeLessThan(0.05);
});

test("two runs of the same are called different in at most 5 %: numbers, pass and fail, clusters, ranks, corpora", () => {
  const options = { resamples: 400, margin: 0 };
  const isCalled = ({ verdict }: { verdict: string }) => verdict === "better" || verdict === "worse";
  const most = 0.05 + slack(600);
  expect(
    share(600, () => isCalled(compareRuns({ kind: "number", base: normals(40), head: normals(40), ...options }))),
  ).toBeLessThan(most);
  const flips = () => Array.from({ length: 60 }, () => coin(0.7));
  expect(
    share(600, () => isCalled(compareRuns({ kind: "binary", base: flips(), head: flips(), ...options }))),
  ).toBeLessThan(most);
  const clusters = Array.from({ length: 60 }, (_, item) => item % 15);
  const clustered = () => {
    const swing = normals(15);
    return clusters.map((cluster) => (swing[cluster] ?? 0) + random.normal());
  };
  expect(
    share(600, () =>
      isCalled(compareRuns({ kind: "number", base: clustered(), head: clustered(), clusters, ...options })),
    ),
  ).toBeLessThan(most);
  const heavy = () => normals(40).map((value) => Math.exp(2 * value));
  expect(
    share(600, () =>
      isCalled(compareRuns({ kind: "number", base: heavy(), head: heavy(), test: "wilcoxon", ...options })),
    ),
  ).toBeLessThan(most);
  const rows = () => Array.from({ length: 60 }, () => [coin(0.4) * 3, 1 + coin(0.5)]);
  const score = ([hits = 0, all = 0]: readonly number[]) => hits / all;
  expect(
    share(300, () => isCalled(compareCorpus({ base: rows(), head: rows(), score, ...options, resamples: 300 }))),
  ).toBeLessThan(0.05 + slack(300));
});

test("the intervals of comparisons hold the truth as often as they say, with wild values too", () => {
  const misses = (n: number, draw: () => number) => {
    const scores = () => Array.from({ length: n }, draw);
    return share(
      600,
      () => !covers(compareRuns({ kind: "number", base: scores(), head: scores(), resamples: 400 }).interval, 0),
    );
  };
  for (const n of [6, 19, 20, 50]) {
    expect(misses(n, normal)).toBeLessThan(0.05 + slack(600));
    expect(misses(n, () => Math.exp(random.normal()))).toBeLessThan(0.05 + slack(600));
  }
});

test("equivalence is claimed of runs that differ by the margin in at most 5 %", () => {
  const isClaimed = () =>
    compareRuns({ kind: "number", base: normals(60), head: normals(60, 0.6), margin: 0.6, resamples: 400 }).verdict ===
    "equivalent";
  expect(share(600, isClaimed)).toBeLessThan(0.05 + slack(600));
  const flips = (rate: number) => Array.from({ length: 300 }, () => coin(rate));
  const isClaimedOfRates = () =>
    compareRuns({ kind: "binary", base: flips(0.7), head: flips(0.6), margin: 0.1 }).verdict === "equivalent";
  expect(share(600, isClaimedOfRates)).toBeLessThan(0.05 + slack(600));
});

test("95 % intervals hold the truth in 95 % of 1,000 draws", () => {
  const miss = (isCovered: () => boolean) => 1 - share(1_000, isCovered);
  const most = 0.05 + slack(1_000);
  const hits = (n: number, rate: number) => ({
    successes: Array.from({ length: n }, () => coin(rate)).reduce((a, b) => a + b, 0),
    n,
  });
  expect(miss(() => covers(estimateMean(normals(8))?.interval, 0))).toBeLessThan(most);
  expect(miss(() => covers(clopperPearsonInterval(hits(30, 0.9)), 0.9))).toBeLessThan(0.05);
  // Wilson's and Newcombe's cover 95 % on average over rates, not at every one.
  expect(
    miss(() => {
      const rate = random.next();
      return covers(wilsonInterval(hits(25, rate)), rate);
    }),
  ).toBeLessThan(most + 0.005);
  expect(
    miss(() => {
      const [one, other] = [random.next(), random.next()];
      return covers(newcombeInterval({ base: hits(25, one), head: hits(30, other) }), other - one);
    }),
  ).toBeLessThan(most + 0.005);
  expect(
    miss(() => {
      const counts = { both: 0, baseOnly: 0, headOnly: 0, neither: 0 };
      for (let item = 0; item < 50; item += 1)
        counts[coin(0.5) ? "both" : coin(0.5) ? "neither" : coin(0.7) ? "headOnly" : "baseOnly"] += 1;
      return covers(newcombePairedInterval(counts), 0.25 * 0.4);
    }),
  ).toBeLessThan(most);
  expect(miss(() => covers(hodgesLehmann(normals(25))?.interval, 0))).toBeLessThan(most);
  expect(
    miss(() => {
      const clusters = Array.from({ length: 60 }, (_, item) => item % 12);
      const swing = normals(12);
      return covers(
        estimateClusteredMean(
          clusters.map((cluster) => (swing[cluster] ?? 0) + random.normal()),
          clusters,
        )?.interval,
        0,
      );
    }),
  ).toBeLessThan(most);
  const skewed = () =>
    bootstrapMean(
      normals(40).map((value) => value * value),
      { resamples: 400, seed: random.bits() },
    );
  // Known to miss a little more with 40 skewed values; BCa less than percentiles.
  expect(miss(() => covers(bootstrapInterval(skewed() ?? never()), 1))).toBeLessThan(0.11);
});

test("planned power is what happens: within 3 points of 2,000 experiments", () => {
  const difference = 0.4;
  const power = share(2_000, () => (signFlipTest(normals(40, difference), { resamples: 400 })?.pValue ?? 1) < 0.05);
  expect(Math.abs(power - pairedMeanPower(40, { difference, sd: 1 }))).toBeLessThan(0.03);
  const plan = { difference: 0.1, changed: 0.3 };
  const foundInRates = share(2_000, () => {
    const base: number[] = [];
    const head = Array.from({ length: 200 }, () => {
      const isChanged = random.next() < plan.changed;
      const passed = isChanged ? coin((plan.changed + plan.difference) / (2 * plan.changed)) : coin(0.5);
      base.push(isChanged ? 1 - passed : passed);
      return passed;
    });
    return (compareRuns({ kind: "binary", base, head }).pValue ?? 1) < 0.05;
  });
  expect(Math.abs(foundInRates - pairedRatePower(200, plan))).toBeLessThan(0.03);
});

test("items and repeats that are planned find the difference four times in five", () => {
  const noise = { sdBetween: 0.5, sdWithin: 1 };
  const cheapest = planItems({ difference: 0.3, ...noise })[0] ?? never();
  const power = share(1_000, () => {
    const differences = Array.from({ length: cheapest.items }, () => {
      const spread = Math.sqrt(noise.sdBetween ** 2 + (2 * noise.sdWithin ** 2) / cheapest.repeats);
      return 0.3 + spread * random.normal();
    });
    return !covers(estimateMean(differences)?.interval, 0);
  });
  expect(Math.abs(power - 0.8)).toBeLessThan(0.03 + 0.02);
});

test("a plan and what it can detect are each other's inverse", () => {
  const items = pairedMeanItems({ difference: 0.3, sd: 1 }) ?? 0;
  expect(pairedMeanPower(items, { difference: 0.3, sd: 1 })).toBeGreaterThanOrEqual(0.8);
  expect(pairedMeanPower(items - 1, { difference: 0.3, sd: 1 })).toBeLessThan(0.8);
  expect(pairedMeanDetectable(items, { sd: 1 })).toBeCloseTo(0.3, 2);
  const rates = pairedRateItems({ difference: 0.1, changed: 0.3 }) ?? 0;
  expect(pairedRateDetectable(rates, { changed: 0.3 })).toBeCloseTo(0.1, 2);
  expect(pairedRateItems({ difference: 0.002, changed: 0.3 })).toBeGreaterThan(500_000);
  expect(pairedRateDetectable(5, { changed: 0.5 })).toBeNull();
  expect(pairedMeanDetectable(1, { sd: 1 })).toBeNull();
  expect(pairedMeanItems({ difference: 1e-9, sd: 1 })).toBeNull();
  expect(planItems({ difference: 0.1, sdBetween: 1, sdWithin: 1, mostItems: 20 })).toEqual([]);
});

test("noise is split into what repeats shrink and what they do not", () => {
  const answers = (centres: readonly number[]) =>
    centres.map((centre) => normals(6, centre).map((value) => (value + centre) / 2));
  const centres = normals(2_000);
  const moved = centres.map((centre) => centre + 0.3 * random.normal());
  const split = splitNoise(answers(centres), answers(moved));
  expect(split?.sdWithin).toBeCloseTo(0.5, 1);
  expect(Math.abs((split?.sdBetween ?? 0) - 0.3)).toBeLessThan(0.05);
  expect(splitNoise([[1], [2]], [[1], [2]])).toBeNull();
});

test("a broken split and a changed pass rate are distinguished from chance", () => {
  expect(share(2_000, () => sampleRatioMismatch(splitUsers(0.5))?.isMismatch ?? false)).toBeLessThan(0.005);
  expect(share(100, () => sampleRatioMismatch(splitUsers(0.6))?.isMismatch ?? false)).toBe(1);
  const passed = (rate: number) => ({
    successes: Array.from({ length: 20 }, () => coin(rate)).filter(Boolean).length,
    n: 20,
  });
  expect(share(1_000, () => judgeRateChange({ base: passed(0.8), head: passed(0.8) })?.isNoise === false)).toBeLessThan(
    0.05,
  );
});

function splitUsers(rate: number): [number, number] {
  const first = Array.from({ length: 1_000 }, () => coin(rate)).filter(Boolean).length;
  return [first, 1_000 - first];
}

function never(): never {
  throw new Error("There is no such value.");
}
