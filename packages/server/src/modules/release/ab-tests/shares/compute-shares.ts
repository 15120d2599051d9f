import type { AbTestShare } from "@treadle/contract";
import { createRandom, LEAST_UNITS, probabilitiesBest, topTwoWeights, withFloor } from "@treadle/metrics";
import { beliefsOf, keyOf, type Measure, NO_COUNTS } from "../../comparisons/index.ts";
import type { ArmsData } from "../stores/arm-data.ts";
import type { Plan } from "../stores/plan.ts";

/** What the metric that moves the shares has shown, over all units of a test. */
export type Goal = { readonly measure: Measure; readonly arms: ArmsData };

/** The draws are the same at each look, so that equal counts give equal shares. */
const SEED = 1;

/** The shares of the units outside the holdout. null while a variant has too few units. */
export function computeShares(
  { arms, adaptive }: Pick<Plan, "arms" | "adaptive">,
  { measure, arms: data }: Goal,
): AbTestShare[] | null {
  if (!adaptive) return null;
  const key = keyOf(measure.metric);
  const counts = arms.map(({ variant }) => data.get(variant)?.metrics.get(key) ?? NO_COUNTS);
  if (counts.some(({ units }) => units < LEAST_UNITS)) return null;
  const higherIsBetter = measure.metric.kind === "score" && measure.direction === "higher";
  const best = probabilitiesBest(beliefsOf(measure, counts), { random: createRandom(SEED), higherIsBetter });
  const shares = withFloor(adaptive.method === "top-two" ? topTwoWeights(best) : best, adaptive.floor);
  return arms.map(({ variant }, place) => {
    const { units, sum } = counts[place] ?? NO_COUNTS;
    return { variant, share: shares[place] ?? 0, units, value: units === 0 ? null : sum / units };
  });
}

/** A change that is worth an event. */
const LEAST_CHANGE = 0.01;

/** Whether any share differs enough from the current ones. */
export const hasMoved = (before: readonly { share: number }[], after: readonly { share: number }[]): boolean =>
  after.some(({ share }, place) => Math.abs(share - (before[place]?.share ?? 0)) >= LEAST_CHANGE);
