import { sameLength } from "../classification/labels.ts";
import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";

/**
 * The Jensen–Shannon distance of two lists of weights, which are made to add up to 1: √(½KL(p‖m) + ½KL(q‖m)), m their
 * mean. With base 2, as by itself, it lies between 0 and 1.
 */
export function jensenShannonDistance(p: readonly number[], q: readonly number[], base: 2 | "e" = 2): Measured {
  sameLength("The two lists of weights", p, q);
  const signature = signatureOf("jensen_shannon_distance", { base });
  const [sumP, sumQ] = [weightOf(p), weightOf(q)];
  if (sumP === 0 || sumQ === 0) return undefinedBecause("One of the two lists weighs nothing.", signature);
  let divergence = 0;
  for (const [at, weight] of p.entries()) {
    const [a, b] = [weight / sumP, (q[at] ?? 0) / sumQ];
    const middle = (a + b) / 2;
    divergence += (part(a, middle) + part(b, middle)) / 2;
  }
  // Rounding may leave equal lists a hair below 0.
  const distance = Math.sqrt(Math.max(0, base === 2 ? divergence / Math.LN2 : divergence));
  return defined(distance, signature);
}

const part = (share: number, middle: number): number => (share === 0 ? 0 : share * Math.log(share / middle));

function weightOf(weights: readonly number[]): number {
  const wrong = weights.find((weight) => !(weight >= 0) || !Number.isFinite(weight));
  if (wrong !== undefined) throw new RangeError(`${wrong} is no weight: it must be 0 or more.`);
  return weights.reduce((sum, weight) => sum + weight, 0);
}
