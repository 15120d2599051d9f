import { logBeta } from "../distributions/beta.ts";
import { logGamma } from "../distributions/gamma.ts";
import { checkAlpha, checkCounts } from "./checks.ts";
import type { Interval } from "./comparison.ts";
import { type Count, wilsonInterval } from "./proportions.ts";

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
  if (base.n === 0 || head.n === 0) return null;
  const pValue = fisherExact(base, head);
  return { pValue, probabilityWorse: probabilityBelow(head, base), isNoise: pValue >= alpha };
}

/** Fisher's exact test of two rates, two-sided: all tables with the same margins that are no likelier than this one. */
export function fisherExact(base: Count, head: Count): number {
  const passes = base.successes + head.successes;
  const all = base.n + head.n;
  const from = Math.max(0, passes - head.n);
  const to = Math.min(base.n, passes);
  const likely = (k: number) => Math.exp(logChoose(base.n, k) + logChoose(head.n, passes - k) - logChoose(all, passes));
  const most = likely(base.successes) * (1 + 1e-7);
  let total = 0;
  for (let k = from; k <= to; k += 1) if (likely(k) <= most) total += likely(k);
  return Math.min(1, total);
}

const logChoose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/** P(rate of one < rate of other) for Beta(1 + passes, 1 + failures) beliefs; the sum is exact, for the passes are whole. */
function probabilityBelow(one: Count, other: Count): number {
  const [a, b] = [one.successes + 1, one.n - one.successes + 1];
  const [c, d] = [other.successes + 1, other.n - other.successes + 1];
  let total = 0;
  for (let i = 0; i < c; i += 1)
    total += Math.exp(logBeta(a + i, b + d) - Math.log(d + i) - logBeta(1 + i, d) - logBeta(a, b));
  return total;
}
