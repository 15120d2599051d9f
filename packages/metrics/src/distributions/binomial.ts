import { betaCdf } from "./beta.ts";
import { deviance, stirlingError } from "./gamma.ts";

/** How likely exactly k of n trials succeed, each with probability p. */
export function binomialPmf(k: number, n: number, p: number): number {
  checkTrials(n, p);
  if (!Number.isInteger(k) || k < 0 || k > n) return 0;
  if (p === 0) return k === 0 ? 1 : 0;
  if (p === 1) return k === n ? 1 : 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return Math.exp(n * Math.log(p));
  const errors = stirlingError(n) - stirlingError(k) - stirlingError(n - k);
  const exponent = errors - deviance(k, n * p) - deviance(n - k, n * (1 - p));
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}

/** How likely at most k of n trials succeed. */
export function binomialCdf(k: number, n: number, p: number): number {
  checkTrials(n, p);
  const whole = Math.floor(k);
  if (whole < 0) return 0;
  if (whole >= n) return 1;
  return betaCdf(1 - p, n - whole, whole + 1);
}

/** The smallest k with which `binomialCdf(k, n, p)` reaches the probability. */
export function binomialQuantile(probability: number, n: number, p: number): number {
  checkTrials(n, p);
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`probability is ${probability}: give one within 0 and 1.`);
  let [low, high] = [0, n];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialCdf(middle, n, p) >= probability) high = middle;
    else low = middle + 1;
  }
  return low;
}

function checkTrials(n: number, p: number): void {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`n is ${n}: give a whole number of trials.`);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p is ${p}: give a probability within 0 and 1.`);
}
