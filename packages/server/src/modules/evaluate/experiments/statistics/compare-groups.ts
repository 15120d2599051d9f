import {
  fisherExact,
  type Interval,
  isPassOrFail,
  type ScoreRange,
  type ScoreSpread,
  scoreInterval,
  scoreSpread,
  studentTCdf,
  studentTQuantile,
} from "@treadle/metrics";
import type { GroupsAnswer, GroupsOrder } from "./orders.ts";

type Welch = { readonly error: number; readonly freedom: number };

/**
 * Compares two groups of different items. Pass or fail: Fisher's exact test. Numbers: Welch's test. If the score's
 * range is known, the interval combines the intervals of both means like Newcombe's method, so that a group with equal
 * items does not count as known.
 */
export function compareGroups({ inside, outside, alpha, range }: GroupsOrder): GroupsAnswer {
  const [a, b] = [inside, outside].map((values) => scoreSpread(values.map((value) => [value])));
  if (!a || !b) return null;
  const difference = a.mean - b.mean;
  const welch = welchOf(a, b);
  if (isPassOrFail(a, range) && isPassOrFail(b, range)) {
    const pValue = fisherExact(countOf(a), countOf(b));
    return pValue === null ? null : { difference, interval: joinIntervals({ a, b, range, alpha }), pValue };
  }
  if (welch === null) return null;
  const pValue = 2 * studentTCdf(-Math.abs(difference / welch.error), welch.freedom);
  const isBounded = Number.isFinite(range.min ?? Infinity) && Number.isFinite(range.max ?? Infinity);
  if (isBounded) return { difference, interval: joinIntervals({ a, b, range, alpha }), pValue };
  const half = studentTQuantile(1 - alpha / 2, welch.freedom) * welch.error;
  const isSpread = a.variance !== 0 && b.variance !== 0;
  return { difference, interval: isSpread ? [difference - half, difference + half] : null, pValue };
}

type Groups = { readonly a: ScoreSpread; readonly b: ScoreSpread; readonly range: ScoreRange; readonly alpha: number };

function joinIntervals({ a, b, range, alpha }: Groups): Interval | null {
  const [one, other] = [scoreInterval(a, { alpha, range }), scoreInterval(b, { alpha, range })];
  if (one === null || other === null) return null;
  const difference = a.mean - b.mean;
  return [
    difference - Math.hypot(a.mean - one[0], other[1] - b.mean),
    difference + Math.hypot(one[1] - a.mean, b.mean - other[0]),
  ];
}

function welchOf(a: ScoreSpread, b: ScoreSpread): Welch | null {
  if (a.variance === null || b.variance === null) return null;
  const [partA, partB] = [a.variance / a.items, b.variance / b.items];
  const error = Math.sqrt(partA + partB);
  if (error === 0) return null;
  return { error, freedom: (partA + partB) ** 2 / (partA ** 2 / (a.items - 1) + partB ** 2 / (b.items - 1)) };
}

const countOf = ({ mean, items }: ScoreSpread) => ({ successes: Math.round(mean * items), n: items });
