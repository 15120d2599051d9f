import { logGamma } from "../distributions/gamma.ts";

/** How often each of some answers was given, in the same order on both sides. */
export type AnswerCounts = { readonly reference: readonly number[]; readonly current: readonly number[] };

/** Jeffreys' prior of shares. */
const PRIOR = 0.5;

/**
 * The factor (an e-value) of new answers to one prompt, against "they come from the same source as the reference". All is
 * conditional on how often each answer was given on both sides together. The denominator is the probability of the division if
 * all answers are exchangeable (multivariate hypergeometric), the numerator its probability if both sides have separate shares
 * with Jeffreys' prior. So it is 1 on average without a change, at every size. Answers that one side lacks count too. If each
 * day's answers become a part of the next day's reference, the product of the days is an e-value as well. 1 if a side is empty.
 */
export function countFactor({ reference, current }: AnswerCounts): number {
  if (reference.length !== current.length)
    throw new RangeError(`There are ${reference.length} and ${current.length} counts: give both for the same answers.`);
  for (const count of [...reference, ...current])
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is no count of answers.`);
  const totals = reference.map((count, place) => count + (current[place] ?? 0));
  const drawn = current.reduce((sum, count) => sum + count, 0);
  const [separate, exchangeable] = [logSeparate, logWays].map((log) => logShareOf({ current, totals, drawn }, log));
  return Math.exp((separate ?? 0) - (exchangeable ?? 0));
}

/** The logarithm of a weight for so many current answers out of a total. */
type LogWeight = (count: number, total: number) => number;

const logFactorial = (count: number) => logGamma(count + 1);
const logWays: LogWeight = (count, total) => logFactorial(total) - logFactorial(count) - logFactorial(total - count);
const logSide = (count: number) => logGamma(count + PRIOR) - logFactorial(count);
const logSeparate: LogWeight = (count, total) => logSide(count) + logSide(total - count);

type Division = { readonly current: readonly number[]; readonly totals: readonly number[]; readonly drawn: number };

/** The logarithm of the share of one division, among all with these totals and as many current answers. */
function logShareOf({ current, totals, drawn }: Division, log: LogWeight): number {
  // The sums over the divisions of the totals so far, by how many of them are current.
  let sums = [0];
  let own = 0;
  for (const [place, total] of totals.entries()) {
    own += log(current[place] ?? 0, total);
    const before = sums;
    sums = Array.from({ length: Math.min(drawn, before.length - 1 + total) + 1 }, (_, all) => {
      const terms: number[] = [];
      for (let count = Math.max(0, all - before.length + 1); count <= Math.min(all, total); count++)
        terms.push((before[all - count] ?? Number.NEGATIVE_INFINITY) + log(count, total));
      return logSum(terms);
    });
  }
  return own - (sums[drawn] ?? 0);
}

function logSum(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return most === Number.NEGATIVE_INFINITY
    ? most
    : most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}
