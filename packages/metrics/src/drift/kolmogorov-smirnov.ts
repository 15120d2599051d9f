import { signatureOf } from "../measured.ts";
import { kolmogorovSurvival } from "./kolmogorov.ts";
import { mustBeNumbers } from "./psi.ts";

/** The largest distance of two samples' distribution functions and how likely one source brings as much. */
export type KolmogorovSmirnov = {
  readonly distance: number | null;
  readonly pValue: number | null;
  readonly signature: string;
  readonly reason: string | null;
};

/** Up to so many pairs of places the exact probability is counted; beyond them it is approximated. */
const EXACT_PAIRS = 1e8;

/**
 * The two-sided two-sample test. The p-value is exact for up to 10⁸ pairs of values. For more, it is the p-value of one
 * sample of n·m / (n + m) values. With ties, it is conservative.
 */
export function kolmogorovSmirnov(first: readonly number[], second: readonly number[]): KolmogorovSmirnov {
  mustBeNumbers([...first, ...second]);
  const [n, m] = [first.length, second.length];
  const isExact = n * m <= EXACT_PAIRS;
  const signature = signatureOf("ks", { p: isExact ? "exact" : "asymptotic" });
  if (n === 0 || m === 0)
    return { distance: null, pValue: null, signature, reason: "One of the two samples is empty." };
  const steps = largestGap(Float64Array.from(first).sort(), Float64Array.from(second).sort());
  const divisor = greatestCommonDivisor(n, m);
  const distance = steps / ((n / divisor) * m);
  if (!isExact)
    return { distance, pValue: kolmogorovSurvival(distance, Math.round((n * m) / (n + m))), signature, reason: null };
  const pValue = n === m ? outsideSquare(n, steps) : outsideStrip({ n, m, steps, divisor });
  return { distance, pValue: Math.min(1, Math.max(0, pValue)), signature, reason: null };
}

/** The largest |F − G| in whole steps of 1 / (least common multiple of the sizes). */
function largestGap(a: Float64Array, b: Float64Array): number {
  const divisor = greatestCommonDivisor(a.length, b.length);
  const [stepA, stepB] = [b.length / divisor, a.length / divisor];
  let [i, j, gap] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    gap = Math.max(gap, Math.abs(i * stepA - j * stepB));
  }
  return gap;
}

/** Samples of one size n: 2·Σ ±C(2n, n − k·steps) / C(2n, n), from the inside out so that nothing cancels. */
function outsideSquare(n: number, steps: number): number {
  if (steps === 0) return 1;
  let probability = 0;
  for (let k = Math.floor(n / steps); k >= 0; k -= 1) {
    let ratio = 1;
    for (let j = 0; j < steps; j += 1) ratio = ((n - k * steps - j) * ratio) / (n + k * steps + j + 1);
    probability = ratio * (1 - probability);
  }
  return 2 * probability;
}

/**
 * The share of all orders of the merged samples in which the gap reaches `steps`, column by column. The share at (i, j)
 * is the weighted mean of its two neighbors. The weights are the numbers of paths through them.
 */
function outsideStrip({ n, m, steps, divisor }: { n: number; m: number; steps: number; divisor: number }): number {
  if (steps === 0) return 1;
  const [larger, smaller] = [Math.max(n, m), Math.min(n, m)];
  const [wide, narrow] = [larger / divisor, smaller / divisor];
  let from = 0;
  let to = Math.min(Math.ceil(steps / wide), smaller + 1);
  let length = to - from;
  const shares = new Float64Array(smaller + 2).fill(1);
  shares.fill(0, from, to);
  for (let i = 1; i <= larger; i += 1) {
    const [lastFrom, lastLength] = [from, length];
    from = Math.min(Math.max(Math.floor((narrow * i - steps) / wide) + 1, 0), smaller);
    to = Math.min(Math.ceil((narrow * i + steps) / wide), smaller + 1);
    if (to <= from) return 1;
    let share = from === 0 ? 0 : 1;
    for (let at = 0; at < to - from; at += 1) {
      const j = at + from;
      share = ((shares[at + from - lastFrom] ?? 1) * i + share * j) / (i + j);
      shares[at] = share;
    }
    length = to - from;
    if (lastLength > length) shares.fill(1, length, lastLength);
  }
  return shares[length - 1] ?? 1;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
