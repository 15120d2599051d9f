import { logGamma } from "../../distributions/gamma.ts";
import { sum } from "../shared/moments.ts";

/** An alarm at this evidence occurs by chance in one of a thousand experiments, however often it is looked at. */
export const RATIO_ALARM = 1_000;

/**
 * The evidence that units are not split as intended (Lindon and Malek 2020: a Dirichlet mixture around the intended
 * shares). At every look, unlike the chi-square test. `concentration` is how close to the intended shares a broken split
 * is thought to lie. Arms with weight 0 are left out if they are empty. 1 without counts.
 */
export function sequentialRatioEValue(
  counts: readonly number[],
  weights: readonly number[] = counts.map(() => 1),
  concentration = 100,
): number {
  const arms = readArms(counts, weights);
  if (!(concentration > 0)) throw new RangeError(`concentration is ${concentration}: give a number above 0.`);
  const n = sum(arms.map(({ count }) => count));
  let log = logGamma(concentration) - logGamma(concentration + n);
  for (const { count, share } of arms) {
    const prior = concentration * share;
    log += logGamma(prior + count) - logGamma(prior) - count * Math.log(share);
  }
  return Math.exp(log);
}

function readArms(counts: readonly number[], weights: readonly number[]) {
  if (counts.length !== weights.length)
    throw new RangeError(`There are ${counts.length} counts and ${weights.length} weights.`);
  if (counts.some((count) => !Number.isSafeInteger(count) || count < 0))
    throw new RangeError("A count is not a whole number of at least 0.");
  if (weights.some((weight) => !(weight >= 0 && Number.isFinite(weight))))
    throw new RangeError("A weight is not a number of at least 0.");
  const total = sum(weights);
  if (!(total > 0)) throw new RangeError("All weights are 0: give at least one arm a weight.");
  return counts.flatMap((count, arm) => {
    const share = (weights[arm] ?? 0) / total;
    if (share > 0) return [{ count, share }];
    if (count > 0) throw new RangeError(`Arm ${arm + 1} has weight 0 and ${count} units.`);
    return [];
  });
}
