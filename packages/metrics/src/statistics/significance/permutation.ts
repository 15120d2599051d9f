import { createRandom } from "../../random.ts";
import { sumByCluster } from "../intervals/mean-interval.ts";
import { checkFinite } from "../shared/checks.ts";
import { sum } from "../shared/moments.ts";

export type SignFlip = {
  readonly pValue: number;
  /** All combinations of signs were counted, so the p-value has no sampling error. */
  readonly isExact: boolean;
};

/** So many differences from zero have 2¹⁴ combinations of signs; beyond, combinations are drawn. */
const MOST_EXACT = 14;
/** Sums that are equal but for rounding count as equal. */
const ROUNDING = 1e-12;

/**
 * Whether the mean of paired differences could be chance: each difference, or the sum of each cluster, could as well have had the other
 * sign. Two-sided. Sampled p-values are (1 + c) / (1 + R), never 0. null without differences.
 */
export function signFlipTest(
  differences: ArrayLike<number>,
  {
    resamples = 10_000,
    seed = 1,
    clusters,
  }: { resamples?: number; seed?: number; clusters?: readonly (string | number)[] } = {},
): SignFlip | null {
  checkFinite("differences", differences);
  if (differences.length === 0) return null;
  const parts = clusters === undefined ? Float64Array.from(differences) : sumByCluster(differences, clusters).sums;
  const moving = parts.filter((part) => part !== 0);
  if (moving.length <= MOST_EXACT) return { pValue: countAll(moving), isExact: true };
  return { pValue: (1 + countDrawn(moving, { resamples, seed })) / (1 + resamples), isExact: false };
}

function countAll(parts: Float64Array): number {
  const least = leastOf(parts);
  const combinations = 2 ** parts.length;
  let extreme = 0;
  for (let signs = 0; signs < combinations; signs += 1) {
    let total = 0;
    for (let place = 0; place < parts.length; place += 1)
      total += (signs >> place) & 1 ? -(parts[place] ?? 0) : (parts[place] ?? 0);
    if (Math.abs(total) >= least) extreme += 1;
  }
  return extreme / combinations;
}

/** Four signs at a time: the sums of every combination of four differences are looked up instead of added. */
function countDrawn(parts: Float64Array, { resamples, seed }: { resamples: number; seed: number }): number {
  const random = createRandom(seed);
  const fours = Math.ceil(parts.length / 8) * 2;
  const table = Float64Array.from({ length: fours * 16 }, (_, place) => sumOfFour(parts, place));
  const words = new Uint32Array(Math.ceil(fours / 8));
  const signs = new Uint8Array(words.buffer);
  const least = leastOf(parts);
  let extreme = 0;
  for (let trial = 0; trial < resamples; trial += 1) {
    random.fill(words);
    let total = 0;
    for (let four = 0; four < fours; four += 2) {
      const bits = signs[four >> 1] ?? 0;
      total += (table[four * 16 + (bits & 15)] ?? 0) + (table[four * 16 + 16 + (bits >> 4)] ?? 0);
    }
    if (Math.abs(total) >= least) extreme += 1;
  }
  return extreme;
}

/** The sum of four differences, those whose bit is set turned round. `place` is 16 times the four, plus the bits. */
function sumOfFour(parts: Float64Array, place: number): number {
  const start = Math.floor(place / 16) * 4;
  let total = 0;
  for (let bit = 0; bit < 4; bit += 1)
    total += (place >> bit) & 1 ? -(parts[start + bit] ?? 0) : (parts[start + bit] ?? 0);
  return total;
}

const leastOf = (parts: Float64Array) => Math.abs(sum(parts)) - ROUNDING * sum(parts.map(Math.abs));
