import { normalQuantile } from "../distributions/normal.ts";
import { checkAlpha } from "../statistics/shared/checks.ts";
import type { Interval } from "../statistics/shared/comparison.ts";

/** The area under a receiver operating characteristic, and the numbers of both classes that it was measured on. */
export type MeasuredArea = { readonly auc: number; readonly positives: number; readonly negatives: number };

/**
 * The standard error of an area (Hanley and McNeil 1982). With Q₁ = A/(2 − A) and Q₂ = 2A²/(1 + A), its square is
 * (A(1 − A) + (n₁ − 1)(Q₁ − A²) + (n₂ − 1)(Q₂ − A²)) / (n₁n₂). Throws without both classes.
 */
export function aucStandardError({ auc, positives, negatives }: MeasuredArea): number {
  if (!(auc >= 0 && auc <= 1)) throw new RangeError(`auc is ${auc}: give an area from 0 to 1.`);
  if (!(positives >= 1 && negatives >= 1)) throw new RangeError("An area needs an item of each class.");
  const square = auc * auc;
  const [first, second] = [auc / (2 - auc), (2 * square) / (1 + auc)];
  const sum = auc * (1 - auc) + (positives - 1) * (first - square) + (negatives - 1) * (second - square);
  return Math.sqrt(sum / (positives * negatives));
}

/** The interval of an area by its standard error, within 0 and 1. */
export function aucInterval(area: MeasuredArea, alpha = 0.05): Interval {
  checkAlpha(alpha);
  const half = normalQuantile(1 - alpha / 2) * aucStandardError(area);
  return [Math.max(0, area.auc - half), Math.min(1, area.auc + half)];
}
