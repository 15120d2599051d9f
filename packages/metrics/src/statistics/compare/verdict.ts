import { normalQuantile } from "../../distributions/normal.ts";
import type { Comparison, Verdict } from "../shared/comparison.ts";

/** What was shown of a difference, and what it is held against. */
export type Shown = Pick<Comparison, "difference" | "interval" | "equivalenceInterval" | "pValue">;
export type Demand = { readonly margin: number; readonly alpha: number; readonly higherIsBetter: boolean };

const POWER = 0.8;

/**
 * The one place where numbers become a word. Equivalent: the difference is shown to lie within ±margin, also when it is not zero.
 * Better or worse: p is below alpha, the interval leaves zero out on that side, and the difference may matter. All else is inconclusive.
 * Give a p-value adjusted for how many comparisons were looked at (`holm`) to hold them together.
 */
export function decideVerdict(shown: Shown, { margin, alpha, higherIsBetter }: Demand): Verdict {
  const { difference, interval, equivalenceInterval, pValue } = shown;
  if (difference === null || interval === null || pValue === null) return "inconclusive";
  if (equivalenceInterval !== null && equivalenceInterval[0] > -margin && equivalenceInterval[1] < margin)
    return "equivalent";
  const isUp = interval[0] > 0;
  if (pValue >= alpha || !(isUp || interval[1] < 0)) return "inconclusive";
  return isUp === higherIsBetter ? "better" : "worse";
}

/**
 * The verdict, and the items it lacks, once the p-value has been adjusted for all comparisons that were looked at (by `holm`, in one call
 * for all of them). Claims of equivalence stand: who needs every one of them needs no correction. null p-values are inconclusive.
 */
export function correctVerdict(
  comparison: Comparison,
  adjustedPValue: number | null,
  demand: Demand,
): Pick<Comparison, "verdict" | "moreItems"> {
  const { n, difference, interval, pValue, verdict, moreItems } = comparison;
  const corrected = decideVerdict({ ...comparison, pValue: adjustedPValue }, demand);
  if (corrected === verdict) return { verdict, moreItems };
  if (corrected !== "inconclusive" || interval === null || pValue === null || adjustedPValue === null) {
    return { verdict: corrected, moreItems: null };
  }
  // The adjustment asks for as much more certainty as it made the p-value greater.
  const alpha = demand.alpha * Math.min(1, pValue / adjustedPValue);
  const standardError = (interval[1] - interval[0]) / (2 * normalQuantile(1 - demand.alpha / 2));
  return { verdict: corrected, moreItems: countMoreItems({ n, difference, standardError }, { ...demand, alpha }) };
}

/**
 * How many items more would settle it four times in five at the noise seen, whether the truth is no difference or one of the margin.
 * When there are as many already, and without a margin, the difference seen is taken for the truth. null where that has no answer.
 */
export function countMoreItems(
  { n, difference, standardError }: { n: number; difference: number | null; standardError: number | null },
  { margin, alpha }: Pick<Demand, "margin" | "alpha">,
): number | null {
  if (difference === null || standardError === null || standardError === 0) return null;
  const needed = (target: number, z: number) => Math.ceil(n * ((z * standardError) / target) ** 2);
  const toDiffer = normalQuantile(1 - alpha / 2) + normalQuantile(POWER);
  const toEqual = normalQuantile(1 - alpha) + normalQuantile((1 + POWER) / 2);
  const planned = margin > 0 ? needed(margin, Math.max(toDiffer, toEqual)) : 0;
  if (planned > n) return planned - n;
  const size = Math.abs(difference);
  const itemsNeeded =
    size >= margin ? needed(size, toDiffer) : needed(margin - size, normalQuantile(1 - alpha) + normalQuantile(POWER));
  return Number.isFinite(itemsNeeded) ? Math.max(1, itemsNeeded - n) : null;
}
