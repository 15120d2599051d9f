import { logBeta } from "../../distributions/beta.ts";
import { checkAlpha, checkCounts } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";
import type { Count } from "../shared/proportions.ts";

export type Prior = { readonly a: number; readonly b: number };

/**
 * The evidence against the rate p0 from this number of successes. It is exact for every n, and valid at every look
 * (Ville): an e-value of 1 / alpha occurs by chance in at most alpha of experiments. For changed pairs, p0 = ½ means no
 * difference.
 */
export function betaBinomialEValue(count: Count, rate: number, { a, b }: Prior = { a: 1, b: 1 }): number {
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`rate is ${rate}: give one within 0 and 1.`);
  return Math.exp(mixture(count, { a, b }) - logLikelihood(count, rate));
}

/** All rates that no more evidence than 1 / alpha speaks against: the interval of a rate that may be looked at as often as you like. */
export function betaBinomialSequence(
  count: Count,
  { alpha = 0.05, a = 1, b = 1 }: Partial<Prior> & { alpha?: number } = {},
): Interval {
  checkAlpha(alpha);
  const against = mixture(count, { a, b });
  const isLeftOut = (rate: number) => against - logLikelihood(count, rate) >= Math.log(1 / alpha);
  const centre = count.n === 0 ? 0.5 : count.successes / count.n;
  return [edge(isLeftOut, { outside: 0, inside: centre }), edge(isLeftOut, { outside: 1, inside: centre })];
}

function mixture({ successes, n }: Count, { a, b }: Prior): number {
  checkCounts(successes, n);
  return logBeta(a + successes, b + n - successes) - logBeta(a, b);
}

function logLikelihood({ successes, n }: Count, rate: number): number {
  const part = (times: number, share: number) => (times === 0 ? 0 : times * Math.log(share));
  return part(successes, rate) + part(n - successes, 1 - rate);
}

function edge(isLeftOut: (rate: number) => boolean, ends: { outside: number; inside: number }): number {
  let { outside, inside } = ends;
  if (!isLeftOut(outside)) return outside;
  for (let step = 0; step < 60; step += 1) {
    const middle = (outside + inside) / 2;
    if (isLeftOut(middle)) outside = middle;
    else inside = middle;
  }
  return outside;
}
