import { logBeta } from "../../distributions/beta.ts";
import { checkAlpha, checkCounts } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";
import { type Count, wilsonInterval } from "../shared/proportions.ts";
import { fisherExact } from "./fisher.ts";

export type Flakiness = {
  readonly runs: number;
  readonly passRate: number | null;
  /** Wilson's, of the pass rate. */
  readonly interval: Interval | null;
  /** How often an outcome differed from the one before it. */
  readonly flips: number;
  /** `unknown` until enough runs of one outcome show that the other is rare. */
  readonly state: "steady-pass" | "steady-fail" | "flaky" | "unknown";
};

/** Reads the outcomes of one test on the same code, oldest first. Steady means: all alike, and the other is shown to be rarer than `rare`. */
export function readFlakiness(outcomes: readonly boolean[], { rare = 0.2, alpha = 0.05 } = {}): Flakiness {
  const passes = outcomes.filter(Boolean).length;
  const interval = wilsonInterval({ successes: passes, n: outcomes.length }, alpha);
  const flips = outcomes.filter((outcome, place) => place > 0 && outcome !== outcomes[place - 1]).length;
  const shared = {
    runs: outcomes.length,
    passRate: outcomes.length === 0 ? null : passes / outcomes.length,
    interval,
    flips,
  };
  if (flips > 0) return { ...shared, state: "flaky" };
  if (interval !== null && interval[0] > 1 - rare) return { ...shared, state: "steady-pass" };
  if (interval !== null && interval[1] < rare) return { ...shared, state: "steady-fail" };
  return { ...shared, state: "unknown" };
}

export type RateChange = {
  /** Fisher's exact test, two-sided: how often runs of one and the same test would differ as much. */
  readonly pValue: number;
  /** How likely the pass rate went down, from what both counts say alone (uniform priors). */
  readonly probabilityWorse: number;
  readonly isNoise: boolean;
};

/** How likely a change of a test's pass rate is noise. null when a side has no run. */
export function judgeRateChange({ base, head }: { base: Count; head: Count }, alpha = 0.05): RateChange | null {
  checkCounts(base.successes, base.n);
  checkCounts(head.successes, head.n);
  checkAlpha(alpha);
  const pValue = fisherExact(base, head);
  if (pValue === null) return null;
  return { pValue, probabilityWorse: probabilityBelow(head, base), isNoise: pValue >= alpha };
}

/** P(rate of one < rate of other) for Beta(1 + passes, 1 + failures) beliefs; the sum is exact, for the passes are whole. */
function probabilityBelow(one: Count, other: Count): number {
  const [a, b] = [one.successes + 1, one.n - one.successes + 1];
  const [c, d] = [other.successes + 1, other.n - other.successes + 1];
  let total = 0;
  for (let i = 0; i < c; i += 1)
    total += Math.exp(logBeta(a + i, b + d) - Math.log(d + i) - logBeta(1 + i, d) - logBeta(a, b));
  return total;
}
