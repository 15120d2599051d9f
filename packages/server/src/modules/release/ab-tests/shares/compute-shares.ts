import type { AbTestShare } from "@treadle/contract";
import { createRandom, LEAST_UNITS, probabilitiesBest, topTwoWeights, withFloor } from "@treadle/metrics";
import { type ArmCounts, beliefsOf, keyOf, type Measure, NO_COUNTS } from "../../comparisons/index.ts";
import type { ArmsData } from "../stores/arm-data.ts";
import type { Plan } from "../stores/plan.ts";

/** What the metric that moves the shares has shown, over all units of a test. */
export type Goal = {
  readonly measure: Measure;
  /** By the probability with which the units were given their variant. */
  readonly strata: ReadonlyMap<number, ArmsData>;
};

/** The draws are the same at each look, so that equal counts give equal shares. */
const SEED = 1;

const DRAWS = 10_000;

/** The shares of the units outside the holdout. null while a variant has too few units. */
export function computeShares(
  { arms, adaptive }: Pick<Plan, "arms" | "adaptive">,
  { measure, strata }: Goal,
  draws = DRAWS,
): AbTestShare[] | null {
  if (!adaptive) return null;
  const counted = arms.map(({ variant }) => addUp(strata, variant, keyOf(measure.metric)));
  if (counted.some(({ units }) => units < LEAST_UNITS)) return null;
  const higherIsBetter = measure.metric.kind === "score" && measure.direction === "higher";
  const beliefs = beliefsOf(
    measure,
    counted.map(({ counts }) => counts),
  );
  const best = probabilitiesBest(beliefs, { random: createRandom(SEED), draws, higherIsBetter });
  const shares = withFloor(adaptive.method === "top-two" ? topTwoWeights(best) : best, adaptive.floor);
  return arms.map(({ variant }, place) => {
    const { units, counts } = counted[place] ?? { units: 0, counts: NO_COUNTS };
    return { variant, share: shares[place] ?? 0, units, value: units === 0 ? null : counts.sum / counts.units };
  });
}

/**
 * The units of a variant, and what as many units as they are worth would show had the shares never changed: each counts by
 * the inverse of its probability. Without this, a variant that had most units on a bad day would look worse than it is.
 */
function addUp(strata: Goal["strata"], variant: string, key: string): { units: number; counts: ArmCounts } {
  let [units, weight, weightSquared, sum, squares] = [0, 0, 0, 0, 0];
  for (const [probability, arms] of strata) {
    const counts = arms.get(variant)?.metrics.get(key) ?? NO_COUNTS;
    units += counts.units;
    weight += counts.units / probability;
    weightSquared += counts.units / probability ** 2;
    sum += counts.sum / probability;
    squares += counts.squares / probability;
  }
  if (units === 0) return { units, counts: NO_COUNTS };
  const worth = weight / weightSquared;
  return { units, counts: { ...NO_COUNTS, units: weight * worth, sum: sum * worth, squares: squares * worth } };
}

/** A change that is worth an event. */
const LEAST_CHANGE = 0.01;

/** Whether any share differs enough from the current ones. */
export const hasMoved = (before: readonly { share: number }[], after: readonly { share: number }[]): boolean =>
  after.some(({ share }, place) => Math.abs(share - (before[place]?.share ?? 0)) >= LEAST_CHANGE);
