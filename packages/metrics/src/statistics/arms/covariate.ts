import { checkFinite, checkSameLength } from "../shared/checks.ts";
import { mean } from "../shared/moments.ts";
import type { ArmSums } from "./arm.ts";

export type CovariateAdjustment = {
  /** cov(Y, X) / var(X), over the units of all arms. */
  readonly slope: number;
  readonly centre: number;
  /** The share of the variance that the covariate explains: the adjusted variance is 1 − r² of the original. */
  readonly explained: number;
};

/**
 * CUPED (Deng et al. 2013): what of a value was known beforehand, from units of all arms together. Keep it fixed for some
 * time, so that a sequence stays valid. null for fewer than two units, or if a side does not vary.
 */
export function fitCovariate(values: readonly number[], covariates: readonly number[]): CovariateAdjustment | null {
  checkSameLength(covariates, values);
  checkFinite("values", values);
  checkFinite("covariates", covariates);
  const [centre, middle] = [mean(covariates), mean(values)];
  if (centre === null || middle === null) return null;
  let [both, own, other] = [0, 0, 0];
  for (const [place, value] of values.entries()) {
    const step = (covariates[place] ?? 0) - centre;
    both += (value - middle) * step;
    own += step * step;
    other += (value - middle) ** 2;
  }
  return own > 0 && other > 0 ? { slope: both / own, centre, explained: (both * both) / (own * other) } : null;
}

/** The value without what its covariate explains; the mean over all units stays the same. */
export function adjustByCovariate(value: number, covariate: number, { slope, centre }: CovariateAdjustment): number {
  return value - slope * (covariate - centre);
}

/** Sums over the units that have a value y and a covariate x. */
export type CovariateSums = {
  readonly n: number;
  readonly x: number;
  readonly xx: number;
  readonly xy: number;
  readonly y: number;
  readonly yy: number;
};

/** `fitCovariate` from sums, to be added up over all arms. */
export function fitCovariateSums({ n, x, xx, xy, y, yy }: CovariateSums): CovariateAdjustment | null {
  if (n < 2) return null;
  const [own, other, both] = [xx - (x * x) / n, yy - (y * y) / n, xy - (x * y) / n];
  // Rounding leaves a little of the squares of equal values.
  if (!(own > xx * 1e-12 && other > yy * 1e-12)) return null;
  return { slope: both / own, centre: x / n, explained: Math.min(1, (both * both) / (own * other)) };
}

/** The sums of an arm's values after `adjustByCovariate`. Units without a covariate stay as they are. */
export function adjustSums<Sums extends Pick<ArmSums, "sum" | "squares">>(
  sums: Sums,
  { n, x, xx, xy, y }: CovariateSums,
  { slope, centre }: Pick<CovariateAdjustment, "slope" | "centre">,
): Sums {
  const squares =
    sums.squares - 2 * slope * (xy - centre * y) + slope * slope * (xx - 2 * centre * x + n * centre * centre);
  return { ...sums, sum: sums.sum - slope * (x - n * centre), squares: Math.max(0, squares) };
}
