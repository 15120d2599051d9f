import { studentTCdf, studentTQuantile } from "../../distributions/student-t.ts";
import { checkAlpha } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";

/** A difference head − base whose error is known, however it was estimated. */
export type MeasuredDifference = {
  readonly difference: number;
  /** Above 0. */
  readonly standardError: number;
  /** Degrees of freedom of the error; left out for the normal distribution. */
  readonly freedom?: number;
  /** The smallest difference that matters, above 0. */
  readonly margin: number;
  readonly alpha?: number;
};

/** Whether the head is not worse than the base by the margin: true when the lower bound lies above −margin. Turn the sign where lower is better. */
export function nonInferiority(measured: MeasuredDifference): {
  pValue: number;
  bound: number;
  isNonInferior: boolean;
} {
  const { difference, standardError, freedom, margin, alpha } = read(measured);
  const pValue = studentTCdf(-(difference + margin) / standardError, freedom);
  const bound = difference - studentTQuantile(1 - alpha, freedom) * standardError;
  return { pValue, bound, isNonInferior: pValue < alpha };
}

/** Two one-sided tests (TOST): true when the difference is shown to lie within ±margin, which no large p-value ever shows. */
export function equivalence(measured: MeasuredDifference): {
  pValue: number;
  interval: Interval;
  isEquivalent: boolean;
} {
  const { difference, standardError, freedom, margin, alpha } = read(measured);
  const above = studentTCdf(-(difference + margin) / standardError, freedom);
  const below = studentTCdf((difference - margin) / standardError, freedom);
  const half = studentTQuantile(1 - alpha, freedom) * standardError;
  const pValue = Math.max(above, below);
  return { pValue, interval: [difference - half, difference + half], isEquivalent: pValue < alpha };
}

function read({ alpha = 0.05, freedom = Number.POSITIVE_INFINITY, ...rest }: MeasuredDifference) {
  checkAlpha(alpha);
  if (!Number.isFinite(rest.difference))
    throw new RangeError(`difference is ${rest.difference}: give a finite number.`);
  if (!(rest.standardError > 0)) throw new RangeError(`standardError is ${rest.standardError}: give a number above 0.`);
  if (!(rest.margin > 0))
    throw new RangeError(`margin is ${rest.margin}: give the smallest difference that matters, above 0.`);
  return { ...rest, alpha, freedom };
}
