import type { Random } from "../../random.ts";
import { checkFinite } from "../shared/checks.ts";
import { sum } from "../shared/moments.ts";
import type { Arm } from "./arm.ts";

/**
 * The probability of each arm to have the best mean, from draws of a normal belief about each mean (Thompson sampling).
 * An arm without spread is believed to be exactly its mean.
 */
export function probabilitiesBest(
  arms: readonly Arm[],
  { random, draws = 10_000, higherIsBetter = true }: { random: Random; draws?: number; higherIsBetter?: boolean },
): number[] {
  for (const [place, { n }] of arms.entries())
    if (!(n > 0)) throw new RangeError(`Arm ${place + 1} has ${n} units: leave it out until it has some.`);
  const sign = higherIsBetter ? 1 : -1;
  const wins = arms.map(() => 0);
  for (let draw = 0; draw < draws; draw += 1) {
    let [best, most] = [0, Number.NEGATIVE_INFINITY];
    for (const [place, { n, mean, variance }] of arms.entries()) {
      const value = sign * (mean + random.normal() * Math.sqrt(variance / n));
      if (value > most) [best, most] = [place, value];
    }
    wins[best] = (wins[best] ?? 0) + 1;
  }
  return wins.map((count) => count / draws);
}

/**
 * Top-two weights (Russo 2020): the share `focus` goes to the best arm, the rest to the best of the others, so that the
 * runner-up is measured too.
 */
export function topTwoWeights(best: readonly number[], focus = 0.5): number[] {
  checkFinite("best", best);
  if (!(focus >= 0 && focus <= 1)) throw new RangeError(`focus is ${focus}: give a share within 0 and 1.`);
  const odds = best.map((probability) => (probability < 1 ? probability / (1 - probability) : 0));
  const all = sum(odds);
  const certain = best.indexOf(1);
  // Nothing is known of the others of an arm that is certainly best: they share what is left.
  if (certain !== -1)
    return best.map((_, place) =>
      place === certain ? (best.length > 1 ? focus : 1) : (1 - focus) / (best.length - 1),
    );
  return best.map((probability, place) => probability * (focus + (1 - focus) * (all - (odds[place] ?? 0))));
}

/** Gives each of k arms at least `floor`: floor + (1 − k·floor)·weight, so that no arm is lost from sight. */
export function withFloor(weights: readonly number[], floor: number): number[] {
  if (!(floor >= 0 && floor * weights.length <= 1))
    throw new RangeError(`floor is ${floor}: give at least 0 and at most 1 / ${weights.length}.`);
  return weights.map((weight) => floor + (1 - weights.length * floor) * weight);
}
