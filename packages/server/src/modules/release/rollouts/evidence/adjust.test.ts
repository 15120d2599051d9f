import type { RolloutFinding } from "@treadle/contract";
import { createRandom, type Random } from "@treadle/metrics";
import { describe, expect, test } from "vitest";
import { createStage, type Habits, lookAt, MARGIN, viewOf } from "../testing/adjusted-stage.ts";

const HABITS: Habits = { past: 1, noise: 0.3, effect: 0, share: 0.5 };
const NOW = Date.parse("2026-11-20T10:00:00Z");
const HOUR_MS = 3_600_000;

const fill = (units: number, habits: Habits, random: Random = createRandom(3)) => {
  const stage = createStage(habits, random);
  for (let unit = 0; unit < units; unit += 1) stage.add();
  return stage;
};

test("takes away the variance that the past explains, and shows the values as they are", () => {
  const { counts } = fill(2_000, HABITS);
  const [plain, adjusted] = [lookAt({ ...counts(), covariates: new Map() }), lookAt(counts())];
  expect(plain?.adjustment).toBeNull();
  // The past has the variance 1 and the noise 0.09.
  expect(adjusted?.adjustment?.varianceReduction).toBeCloseTo(1 / 1.09, 1);
  expect(adjusted?.adjustment?.slope).toBeCloseTo(1, 1);
  expect(adjusted?.values).toEqual(plain?.values);
  const widthOf = (finding: typeof plain) => (finding?.upperBound ?? 0) - (finding?.lowerBound ?? 0);
  expect(widthOf(adjusted)).toBeLessThan(widthOf(plain) / 2);
});

test.each([
  ["with enough units", 1_000, true],
  ["with fewer than 100 units in an arm", 150, false],
] as const)("%s, the comparison is adjusted: %d units", (_, units, isAdjusted) => {
  const adjustment = lookAt(fill(units, HABITS).counts())?.adjustment ?? null;
  expect(adjustment !== null).toBe(isAdjusted);
});

describe("falls back to the plain numbers", () => {
  test.each([
    ["units without a past", { ...HABITS, withPast: 0 }],
    ["a past that is the same for all units", { ...HABITS, past: 0 }],
    ["too few units with a past", { ...HABITS, withPast: 0.05 }],
  ])("for %s", (_, habits) => {
    const { counts } = fill(1_000, habits);
    expect(lookAt(counts())).toEqual(lookAt({ ...counts(), covariates: new Map() }));
    expect(lookAt(counts())?.adjustment).toBeNull();
  });
});

test("units without a past are compared as they are", () => {
  const half = lookAt(fill(2_000, { ...HABITS, withPast: 0.5 }).counts())?.adjustment;
  expect(half?.units.candidate).toBeGreaterThan(400);
  expect(half?.units.candidate).toBeLessThan(600);
  expect(half?.varianceReduction).toBeCloseTo(0.5 / 1.09, 1);
});

test("the slope is fixed until the end of the day, and the next day has a new one", () => {
  const stage = fill(600, HABITS);
  const first = lookAt(stage.counts(), viewOf({ now: NOW }));
  for (let unit = 0; unit < 600; unit += 1) stage.add();
  const lookLater = (hours: number) =>
    lookAt(stage.counts(), viewOf({ now: NOW + hours * HOUR_MS, earlier: first ? { metrics: [first] } : null }));
  const { slope, centre, fittedAt } = first?.adjustment ?? {};
  expect(lookLater(13)?.adjustment).toMatchObject({ slope, centre, fittedAt });
  expect(lookLater(14)?.adjustment?.fittedAt).toBe("2026-11-21T00:00:00.000Z");
  expect(lookLater(14)?.adjustment?.slope).not.toBe(slope);
});

describe("the same effect", () => {
  /** How many units of both arms there are when the evidence of harm is proof. */
  function unitsToProof(habits: Habits, random: Random, isAdjusted: boolean): number {
    const stage = createStage(habits, random);
    for (let unit = 1; unit <= 20_000; unit += 1) {
      stage.add();
      if (unit % 100 !== 0) continue;
      const counts = stage.counts();
      if (lookAt(isAdjusted ? counts : { ...counts, covariates: new Map() })?.status === "harm") return unit;
    }
    return Number.POSITIVE_INFINITY;
  }

  test("is found with fewer units", () => {
    const habits: Habits = { past: 1, noise: 0.5, effect: 0.15, share: 0.5 };
    const medianOf = (isAdjusted: boolean) => {
      const random = createRandom(11);
      return Array.from({ length: 15 }, () => unitsToProof(habits, random, isAdjusted)).sort((a, b) => a - b)[7] ?? 0;
    };
    expect(medianOf(true)).toBeLessThan(medianOf(false) / 2);
  });
});

describe("looked at 200 times over four days", () => {
  const EXPERIMENTS = 400;
  const UNITS = 4_000;

  /** The share of rollouts in which any look finds this, with the fit that the look before has stored. */
  function shareOf(status: RolloutFinding["status"], habits: Habits): number {
    const random = createRandom(2_030);
    const rollouts = Array.from({ length: EXPERIMENTS }, () => isEver(status, habits, random));
    return rollouts.filter(Boolean).length / EXPERIMENTS;
  }

  function isEver(status: RolloutFinding["status"], habits: Habits, random: Random): boolean {
    const stage = createStage(habits, random);
    let earlier: ReturnType<typeof viewOf>["earlier"] = null;
    for (let unit = 1; unit <= UNITS; unit += 1) {
      stage.add();
      if (unit % 20 !== 0) continue;
      const now = NOW + (unit / UNITS) * 96 * HOUR_MS;
      const finding = lookAt(stage.counts(), viewOf({ now, earlier, share: habits.share }));
      if (finding?.status === status) return true;
      earlier = finding ? { metrics: [finding] } : null;
    }
    return false;
  }

  test.each([
    ["50 %, all have a past", { past: 1, noise: 0.5, effect: 0, share: 0.5 }, 0.02],
    ["10 %, all have a past", { past: 1, noise: 0.5, effect: 0, share: 0.1 }, 0.0125],
    ["10 %, half have a past", { past: 1, noise: 0.5, effect: 0, share: 0.1, withPast: 0.5 }, 0.01],
    ["10 %, the past says nothing", { past: 1, noise: 1, effect: 0, share: 0.1, slope: 0 }, 0.0125],
  ] as const)("%s: an equal candidate is rolled back in at most 5 %% of rollouts", (_, habits, documented) => {
    const share = shareOf("harm", habits);
    expect(share).toBeLessThanOrEqual(0.05);
    // The table in docs/guide/rollouts.md.
    expect(share).toBe(documented);
  });

  test("a candidate whose harm is the margin is called safe in at most 5 % of rollouts", () => {
    const habits: Habits = { past: 1, noise: 0.1, effect: MARGIN, share: 0.5 };
    expect(shareOf("safe", habits)).toBeLessThanOrEqual(0.05);
    expect(shareOf("safe", { ...habits, effect: 0 })).toBeGreaterThan(0.5);
  });
});
