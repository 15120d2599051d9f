import { checkCounts } from "../shared/checks.ts";
import type { Count } from "../shared/proportions.ts";

/** One arm of an experiment with different units in each arm. */
export type Arm = {
  readonly n: number;
  readonly mean: number;
  /** Of one unit. */
  readonly variance: number;
};

/** Treatment minus control, with what a sequence needs to know of its error. */
export type ArmDifference = {
  /** Units of both arms together. */
  readonly n: number;
  readonly difference: number;
  readonly standardError: number;
};

/** Sums over the units of an arm: enough for its mean and variance, and added up as units arrive. */
export type ArmSums = { readonly n: number; readonly sum: number; readonly squares: number };

export const NO_SUMS: ArmSums = { n: 0, sum: 0, squares: 0 };

export function addUnit(sums: ArmSums, value: number): ArmSums {
  if (!Number.isFinite(value)) throw new RangeError(`The value of a unit is ${value}: give a finite number.`);
  return { n: sums.n + 1, sum: sums.sum + value, squares: sums.squares + value * value };
}

/** An arm of 0/1 values, with the variance p(1 − p). null without units. */
export function rateArm({ successes, n }: Count): Arm | null {
  checkCounts(successes, n);
  if (n === 0) return null;
  const mean = successes / n;
  return { n, mean, variance: mean * (1 - mean) };
}

/** An arm of numbers, with the sample variance. null for fewer than two units. */
export function meanArm({ n, sum, squares }: ArmSums): Arm | null {
  if (n < 2) return null;
  // Rounding can bring the variance of equal values just below 0.
  return { n, mean: sum / n, variance: Math.max(0, (squares - (sum * sum) / n) / (n - 1)) };
}

/** The difference of means, with Welch's standard error. */
export function armDifference(control: Arm, treatment: Arm): ArmDifference {
  return {
    n: control.n + treatment.n,
    difference: treatment.mean - control.mean,
    standardError: Math.sqrt(control.variance / control.n + treatment.variance / treatment.n),
  };
}

/** The relative difference treatment / control − 1, with the delta method's standard error. null if the control's mean is 0. */
export function relativeArmDifference(control: Arm, treatment: Arm): ArmDifference | null {
  if (control.mean === 0) return null;
  const ofTreatment = treatment.variance / treatment.n / control.mean ** 2;
  const ofControl = ((control.variance / control.n) * treatment.mean ** 2) / control.mean ** 4;
  return {
    n: control.n + treatment.n,
    difference: treatment.mean / control.mean - 1,
    standardError: Math.sqrt(ofTreatment + ofControl),
  };
}

/**
 * The difference of two rates with the pooled variance p̂(1 − p̂)(1/n₁ + 1/n₂), p̂ = (Σ + 1)/(N + 2). In a small arm whose
 * event is rare the arm's own variance is 0 at first, which makes a sequence alarm far too often; the pooled one does not.
 * null if an arm is empty.
 */
export function pooledRateDifference(control: Count, treatment: Count): ArmDifference | null {
  checkCounts(control.successes, control.n);
  checkCounts(treatment.successes, treatment.n);
  if (control.n === 0 || treatment.n === 0) return null;
  const n = control.n + treatment.n;
  const rate = (control.successes + treatment.successes + 1) / (n + 2);
  return {
    n,
    difference: treatment.successes / treatment.n - control.successes / control.n,
    standardError: Math.sqrt(rate * (1 - rate) * (1 / control.n + 1 / treatment.n)),
  };
}
