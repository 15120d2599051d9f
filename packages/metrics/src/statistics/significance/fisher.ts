import { logGamma } from "../../distributions/gamma.ts";
import type { Count } from "../shared/proportions.ts";

/** Two tables whose chances differ by rounding alone are as likely as one another. */
const SAME = 1 + 1e-7;

/**
 * Fisher's exact test that two shares are equal, two-sided. It is the probability of all tables with these margins that
 * are at most as likely as the observed table, as in SciPy. Null if one side is empty.
 */
export function fisherExact(first: Count, second: Count): number | null {
  for (const { successes, n } of [first, second]) {
    if (!Number.isInteger(successes) || !Number.isInteger(n) || successes < 0 || successes > n)
      throw new RangeError(`${successes} of ${n} is no count of successes.`);
  }
  if (first.n === 0 || second.n === 0) return null;
  const successes = first.successes + second.successes;
  const logAll = logChoose(first.n + second.n, successes);
  const chanceOf = (inFirst: number) =>
    Math.exp(logChoose(first.n, inFirst) + logChoose(second.n, successes - inFirst) - logAll);
  const observedChance = chanceOf(first.successes);
  let sum = 0;
  for (let inFirst = Math.max(0, successes - second.n); inFirst <= Math.min(first.n, successes); inFirst += 1) {
    const chance = chanceOf(inFirst);
    if (chance <= observedChance * SAME) sum += chance;
  }
  return Math.min(1, sum);
}

const logChoose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
