import { twoArmSequence } from "@treadle/metrics";
import { describe, expect, test } from "vitest";
import type { ArmCounts, Measure } from "../../comparisons/index.ts";
import { type Comparison, compareArm } from "./find-harm.ts";

const ERROR: Measure = { metric: { kind: "error" }, direction: "lower", margin: 0.02 };
const rate = (flagged: number, units: number): ArmCounts => ({
  units,
  sum: flagged,
  squares: flagged,
  flagged,
  missing: 0,
});
const compare = (arm: ArmCounts, control: ArmCounts, more: Partial<Comparison> = {}) =>
  compareArm({
    measure: ERROR,
    arm: "new",
    control: "old",
    counts: { arm, control },
    share: 0.5,
    alpha: 0.05,
    tunedFor: 5_000,
    past: undefined,
    ...more,
  });

describe("a verdict", () => {
  test.each([
    ["collecting", rate(0, 99), rate(0, 5_000)],
    ["worse", rate(300, 2_000), rate(100, 2_000)],
    ["better", rate(100, 2_000), rate(300, 2_000)],
    ["equivalent", rate(1_000, 20_000), rate(1_010, 20_000)],
    ["inconclusive", rate(30, 500), rate(25, 500)],
  ] as const)("is %s", (verdict, arm, control) => expect(compare(arm, control).verdict).toBe(verdict));

  test("a difference that is shown but within the margin is equivalent, and not worse", () => {
    const found = compare(rate(60_000, 1_000_000), rate(55_000, 1_000_000));
    expect(found.lowerBound).toBeGreaterThan(0);
    expect(found).toMatchObject({ verdict: "equivalent", isNotWorse: true });
  });

  test("a score that is better when higher has the sign of harm", () => {
    const measure: Measure = {
      metric: { kind: "score", name: "helpful", maturityMinutes: 0 },
      direction: "higher",
      margin: 0.05,
    };
    const scores = (mean: number): ArmCounts => ({
      units: 2_000,
      sum: 2_000 * mean,
      squares: 2_000 * (mean ** 2 + 0.04),
      flagged: 0,
      missing: 0,
    });
    expect(compare(scores(0.8), scores(0.5), { measure })).toMatchObject({ verdict: "better", key: "score:helpful" });
    expect(compare(scores(0.5), scores(0.8), { measure }).harm).toBeCloseTo(0.3, 12);
  });
});

test("the interval is the always-valid one of the pooled rates", () => {
  const { lowerBound, upperBound } = compare(rate(80, 1_000), rate(450, 9_000));
  const pooled = (530 + 1) / (10_000 + 2);
  const standardError = Math.sqrt(pooled * (1 - pooled) * (1 / 1_000 + 1 / 9_000));
  const peek = twoArmSequence({ n: 10_000, difference: 0.03, standardError }, { alpha: 0.05, tunedFor: 5_000 });
  expect(lowerBound).toBeCloseTo(peek?.interval[0] ?? 0, 12);
  expect(upperBound).toBeCloseTo(peek?.interval[1] ?? 0, 12);
});

test("the units that are missing decide an inconclusive comparison if the difference stays", () => {
  const found = compare(rate(30, 500), rate(25, 500));
  const factor = 1 + (found.moreUnits ?? 0) / 1_000;
  const later = compare(rate(30 * factor, 500 * factor), rate(25 * factor, 500 * factor));
  expect(later.verdict).toBe("equivalent");
  const almost = 1 + (0.9 * (found.moreUnits ?? 0)) / 1_000;
  expect(compare(rate(30 * almost, 500 * almost), rate(25 * almost, 500 * almost)).verdict).toBe("inconclusive");
});

test("fewer units have a value, so more units are missing", () => {
  const half = (one: ArmCounts): ArmCounts => ({ ...one, missing: one.units });
  const [plain, sparse] = [compare(rate(30, 500), rate(25, 500)), compare(half(rate(30, 500)), half(rate(25, 500)))];
  expect(sparse.moreUnits).toBeCloseTo(2 * (plain.moreUnits ?? 0), -1);
});
