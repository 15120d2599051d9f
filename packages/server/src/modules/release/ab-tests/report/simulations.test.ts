import { createRandom } from "@treadle/metrics";
import { describe, expect, test } from "vitest";
import type { View } from "./build-report.ts";
import { hasClaim, type Tally } from "./testing/has-claim.ts";

const EXPERIMENTS = 400;
const UNITS = 4_000;
const LOOK_EVERY = 50;

type Setting = {
  readonly arms: readonly number[];
  /** The rate of the control, and of the other arms. */
  readonly rates: readonly [control: number, others: number];
  readonly metrics: number;
};

const viewOf = ({ arms, metrics }: Setting): View => ({
  abTestId: "abt_1",
  control: "v0",
  arms: arms.map((share, place) => ({ variant: `v${place}`, share })),
  metrics: Array.from({ length: metrics }, (_, place) => ({
    metric: { kind: "score", name: `rate ${place}`, maturityMinutes: 0 },
    direction: "lower",
    margin: 0.000_1,
  })),
  alpha: 0.05,
  expectedUnits: 5_000,
  past: new Map(),
});

/** A test of one metric compares error rates, and a test of several compares scores. Gives the share of experiments in which any look at any arm and metric claims a difference, as the product's report words it. */
function shareOfClaims(setting: Setting): number {
  const random = createRandom(1);
  const plain = viewOf(setting);
  const view: View =
    setting.metrics === 1
      ? { ...plain, metrics: [{ metric: { kind: "error" }, direction: "lower", margin: 0.000_1 }] }
      : plain;
  let claims = 0;
  for (let place = 0; place < EXPERIMENTS; place += 1) if (isClaiming(view, setting, random)) claims += 1;
  return claims / EXPERIMENTS;
}

function isClaiming(view: View, { arms, rates }: Setting, random: ReturnType<typeof createRandom>): boolean {
  const tallies = arms.map((): Tally => ({ units: 0, sums: view.metrics.map(() => 0) }));
  for (let unit = 1; unit <= UNITS; unit += 1) {
    addUnit(tallies, { arms, rates, random });
    if (unit % LOOK_EVERY === 0 && hasClaim(view, tallies)) return true;
  }
  return false;
}

type Draws = Pick<Setting, "arms" | "rates"> & { readonly random: ReturnType<typeof createRandom> };

function addUnit(tallies: readonly Tally[], { arms, rates, random }: Draws): void {
  let rest = random.next();
  const arm = arms.findIndex((share) => {
    rest -= share;
    return rest < 0;
  });
  const tally = tallies[arm === -1 ? arms.length - 1 : arm];
  if (!tally) return;
  tally.units += 1;
  const rate = arm === 0 ? rates[0] : rates[1];
  tally.sums = tally.sums.map((sum) => sum + (random.next() < rate ? 1 : 0));
}

describe("equal arms, looked at 80 times", () => {
  test.each([
    ["two even arms, errors 5 %", { arms: [0.5, 0.5], rates: [0.05, 0.05], metrics: 1 }, 0.01],
    ["10 % against 90 %, errors 5 %", { arms: [0.9, 0.1], rates: [0.05, 0.05], metrics: 1 }, 0.0075],
    ["10 % against 90 %, errors 1 %", { arms: [0.9, 0.1], rates: [0.01, 0.01], metrics: 1 }, 0.0175],
    ["two even arms, five scores", { arms: [0.5, 0.5], rates: [0.3, 0.3], metrics: 5 }, 0.0125],
    ["four arms, five scores", { arms: [0.4, 0.2, 0.2, 0.2], rates: [0.3, 0.3], metrics: 5 }, 0.0075],
  ] as const)("%s: a difference is claimed in at most 5 % of tests", (_, setting, documented) => {
    const share = shareOfClaims(setting);
    expect(share).toBeLessThanOrEqual(0.05);
    // The table in docs/guide/ab-tests.md.
    expect(share).toBe(documented);
  });

  test("a real difference of 5 to 10 % is found in most tests", () => {
    expect(shareOfClaims({ arms: [0.5, 0.5], rates: [0.05, 0.1], metrics: 1 })).toBeGreaterThan(0.9);
  });
});
