import { normalQuantile } from "../../distributions/normal.ts";
import { studentTQuantile } from "../../distributions/student-t.ts";
import { checkAlpha, checkFinite } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";
import { mean, variance } from "../shared/moments.ts";
import { wilsonOfRate } from "../shared/proportions.ts";

/** The least and the most that a score can be; null where there is no such end. */
export type ScoreRange = { readonly min: number | null; readonly max: number | null };

/** What an interval of a mean score needs to know. Repeats are averaged within their item first. */
export type ScoreSpread = {
  readonly items: number;
  /** Items times their repeats. */
  readonly answers: number;
  /** Of the items' means. */
  readonly mean: number;
  /** Of the items' means, over items − 1; null for one item. */
  readonly variance: number | null;
  /** The least and the greatest value of an answer. */
  readonly lowest: number;
  readonly highest: number;
  /** Every answer's value is 0 or 1. */
  readonly isPassOrFail: boolean;
};

export type ScoreIntervalOptions = { readonly alpha?: number; readonly range?: ScoreRange };

/** Nothing is stated: values that all lie within 0 and 1 are taken for shares. */
export const NO_RANGE: ScoreRange = { min: null, max: null };
/** Any number is possible, such as for a difference. */
export const ANY_NUMBER: ScoreRange = { min: -Infinity, max: Infinity };

/** The spread of scores: one list of values for each item, one value for each repeat. null without values. */
export function scoreSpread(items: readonly (readonly number[])[]): ScoreSpread | null {
  const answeredItems = items.filter(({ length }) => length > 0);
  const [means, values] = [answeredItems.map((own) => mean(own) ?? 0), answeredItems.flat()];
  checkFinite("values", values);
  const centre = mean(means);
  if (centre === null) return null;
  return {
    items: answeredItems.length,
    answers: values.length,
    mean: centre,
    variance: variance(means),
    lowest: values.reduce((one, other) => Math.min(one, other)),
    highest: values.reduce((one, other) => Math.max(one, other)),
    isPassOrFail: values.every((value) => value === 0 || value === 1),
  };
}

/**
 * The interval of a mean score. It never exceeds the score's range. Values that are all 0 or 1: Wilson's interval over
 * the answers, as far as the repeats of an item differ. Other values within a known range: Student's t, widened for
 * values that the items may not have shown. Without a known range: Student's t, and null if all items are equal,
 * because their spread is then unknown.
 */
export function scoreInterval(spread: ScoreSpread, { alpha = 0.05, range = NO_RANGE }: ScoreIntervalOptions = {}) {
  checkAlpha(alpha);
  const known = knownRange(spread, range);
  if (spread.items === 0) return null;
  if (isPassOrFail(spread, range))
    return wilsonOfRate({ rate: spread.mean, n: effectiveAnswers(spread, alpha) }, alpha);
  return known === null ? plainInterval(spread, { alpha, range }) : boundedInterval(spread, { alpha, known });
}

/** Whether values count as passes and failures: all are 0 or 1, and the score's range, if one is stated, allows nothing beyond. */
export const isPassOrFail = (spread: Pick<ScoreSpread, "isPassOrFail">, { min, max }: ScoreRange): boolean =>
  spread.isPassOrFail && (min ?? 0) >= 0 && (max ?? 1) <= 1;

/** The range that values lie in. Without a stated one, values that all lie within 0 and 1 are taken for shares. */
function knownRange({ lowest, highest }: ScoreSpread, { min, max }: ScoreRange): Interval | null {
  if (min !== null && max !== null)
    return Number.isFinite(max - min) && min < max && min <= lowest && highest <= max ? [min, max] : null;
  const isShare = lowest >= 0 && highest <= 1 && (min ?? 0) >= 0 && (max ?? 1) <= 1;
  return isShare ? [0, 1] : null;
}

/**
 * How many independent answers the items are worth: the number at which answers would spread as these do (Korn and Graubard, 1998), with
 * the t quantile for few items. Repeats cannot be worth less than one answer for each item, or more than there are.
 */
function effectiveAnswers({ items, answers, mean: rate, variance: spread }: ScoreSpread, alpha: number): number {
  if (answers === items || spread === null || spread === 0) return items;
  const worth = (rate * (1 - rate) * items) / spread;
  const correction = (normalQuantile(1 - alpha / 2) / studentTQuantile(1 - alpha / 2, items - 1)) ** 2;
  return Math.min(answers, Math.max(items, worth * correction));
}

/** What n items never showed may still be in the share 1 − alpha^(1/n) of all, and lie as far away as the range allows. */
function boundedInterval(
  { items, mean: centre, variance: spread }: ScoreSpread,
  { alpha, known: [least, most] }: { alpha: number; known: Interval },
): Interval {
  if (spread === null) return [least, most];
  const halfWidth = studentTQuantile(1 - alpha / 2, items - 1) * Math.sqrt(spread / items);
  const unseen = 1 - alpha ** (1 / items);
  return [
    Math.max(least, centre - Math.hypot(halfWidth, unseen * (centre - least))),
    Math.min(most, centre + Math.hypot(halfWidth, unseen * (most - centre))),
  ];
}

function plainInterval(
  { items, mean: centre, variance: spread, lowest, highest }: ScoreSpread,
  { alpha, range: { min, max } }: Required<ScoreIntervalOptions>,
): Interval | null {
  if (spread === null || spread === 0) return null;
  const half = studentTQuantile(1 - alpha / 2, items - 1) * Math.sqrt(spread / items);
  // A value beyond a stated end shows that there is no such end.
  const least = min !== null && min <= lowest ? min : -Infinity;
  const most = max !== null && max >= highest ? max : Infinity;
  return [Math.max(least, centre - half), Math.min(most, centre + half)];
}
