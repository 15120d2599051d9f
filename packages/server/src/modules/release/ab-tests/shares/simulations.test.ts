import { createRandom, type Random } from "@treadle/metrics";
import { describe, expect, test } from "vitest";
import { drawInTest } from "../../../build/gateway/resolve/draw-in-test.ts";
import { endpointOf } from "../../../build/gateway/testing/open-gateway.ts";
import type { View } from "../report/build-report.ts";
import { armsOf, hasClaim, type Tally } from "../report/testing/has-claim.ts";
import { computeShares } from "./compute-shares.ts";

const EXPERIMENTS = 200;
const UNITS = 4_000;
const LOOK_EVERY = 200;
const ADAPT_EVERY = 400;
/** Fewer than the product takes, to be quick. */
const DRAWS = 1_000;
const MEASURE = { metric: { kind: "error" }, direction: "lower", margin: 0.000_1 } as const;

type Setting = {
  readonly arms: number;
  readonly holdout: number;
  /** The error rate of an arm, by the part of the test that is over. */
  readonly rate: (arm: number, progress: number) => number;
};
type Adaptive = Parameters<typeof computeShares>[0];

/** What became of one test: whether any look claimed a difference, from the holdout and from all units. */
function runTest({ arms: count, holdout, rate }: Setting, id: string, random: Random) {
  const names = Array.from({ length: count }, (_, place) => `v${place}`);
  const endpoint = endpointOf("support", { variants: names.map((name) => ({ name, model: "m", weight: 1 })) });
  const arms = names.map((variant) => ({ variant, share: 1 / count }));
  const adaptive: Adaptive["adaptive"] = { goal: "error", method: "thompson", holdout, floor: 0.05 };
  const view: View = {
    abTestId: id,
    control: "v0",
    arms,
    metrics: [MEASURE],
    alpha: 0.05,
    expectedUnits: 5_000,
    past: new Map(),
  };
  const newTallies = () => names.map((): Tally => ({ units: 0, sums: [0] }));
  const [inside, all] = [newTallies(), newTallies()];
  const strata = new Map<number, Tally[]>();
  let shares = arms.map(({ share }) => share);
  const claims = { inside: false, all: false };
  for (let unit = 1; unit <= UNITS; unit += 1) {
    const abTest = { abTestId: id, arms, adaptive: { holdout, shares } };
    const drawn = drawInTest(endpoint, abTest, { unit: `user:${unit}`, findDrawn: () => null });
    if (!drawn) throw new Error("an arm is missing");
    const place = names.indexOf(drawn.variant.name);
    const value = random.next() < rate(place, unit / UNITS) ? 1 : 0;
    const stratum = strata.get(drawn.propensity) ?? newTallies();
    strata.set(drawn.propensity, stratum);
    for (const tallies of drawn.bucket < holdout ? [inside, all, stratum] : [all, stratum]) add(tallies[place], value);
    if (unit % LOOK_EVERY === 0) {
      claims.inside ||= hasClaim(view, inside);
      claims.all ||= hasClaim(view, all);
    }
    if (unit % ADAPT_EVERY === 0) {
      const counted = new Map([...strata].map(([key, tallies]) => [key, armsOf(view, tallies)]));
      const next = computeShares({ arms, adaptive }, { measure: MEASURE, strata: counted }, DRAWS);
      shares = next?.map(({ share }) => share) ?? shares;
    }
  }
  return { ...claims, shares };
}

function add(tally: Tally | undefined, value: number): void {
  if (!tally) return;
  tally.units += 1;
  tally.sums = [(tally.sums[0] ?? 0) + value];
}

function shareOfClaims(setting: Setting, experiments = EXPERIMENTS) {
  const random = createRandom(1);
  const tests = Array.from({ length: experiments }, (_, place) => runTest(setting, `abt_${place}`, random));
  const shareOf = (isClaim: (test: (typeof tests)[number]) => boolean) => tests.filter(isClaim).length / experiments;
  const last = tests.reduce((sum, { shares }) => sum + (shares.at(-1) ?? 0), 0) / experiments;
  return { holdout: shareOf(({ inside }) => inside), all: shareOf(({ all }) => all), last };
}

const steady = () => 0.05;
const falling = (_: number, progress: number) => 0.4 - 0.38 * progress;

describe("equal arms while the shares adapt", () => {
  test.each([
    ["two arms, half as a holdout, errors 5 %", { arms: 2, holdout: 0.5, rate: steady }, [0.01, 0.005]],
    ["two arms, errors fall from 40 to 2 %", { arms: 2, holdout: 0.1, rate: falling }, [0, 0.43]],
    ["two arms, half as a holdout, errors fall from 40 to 2 %", { arms: 2, holdout: 0.5, rate: falling }, [0, 0.225]],
    [
      "four arms, a quarter as a holdout, errors fall from 40 to 2 %",
      { arms: 4, holdout: 0.25, rate: falling },
      [0, 0.42],
    ],
  ] as const)("%s: the holdout claims a difference in at most 5 % of tests", (_, setting, [holdout, all]) => {
    const shares = shareOfClaims(setting);
    expect(shares.holdout).toBeLessThanOrEqual(0.05);
    // The table in docs/guide/ab-tests.md.
    expect([shares.holdout, shares.all]).toEqual([holdout, all]);
  });
});

describe("a better variant", () => {
  const better = (worse: Setting["rate"]) => (arm: number, progress: number) =>
    worse(arm, progress) * (arm === 1 ? 0.5 : 1);

  test.each([
    ["10 % and 5 % errors", better(() => 0.1)],
    ["errors that fall from 40 and 20 % to 2 and 1 %", better(falling)],
  ])("ends with most of the units: %s", (_, rate) => {
    expect(shareOfClaims({ arms: 2, holdout: 0.1, rate }, 40).last).toBeGreaterThan(0.9);
  });
});
