import { createRandom } from "../../random.ts";
import { checkAlpha, checkFinite } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";
import { clopperPearsonInterval } from "../shared/proportions.ts";

export type BoundsOptions = {
  /** How often each of the two bounds may be on the wrong side of the true mean. */
  readonly alpha?: number;
  /** The least and the most that a value can be; left out for values that are 0 or 1 and nothing else. */
  readonly range?: Interval;
};

/** No bet risks more than this share of what can be lost on one value. */
const MOST_AT_RISK = 0.75;
const SEED = 1;

/**
 * A lower and an upper bound of a mean. Each has an error rate of at most alpha, for any number of values and any
 * distribution. For values of 0 and 1: Clopper and Pearson. Otherwise: the betting bound of Waudby-Smith and Ramdas
 * (2024), within a known range. null without values. Pass one value per item: the mean of its repeats.
 */
export function guaranteedBounds(
  values: readonly number[],
  { alpha = 0.05, range }: BoundsOptions = {},
): Interval | null {
  checkFinite("values", values);
  checkAlpha(alpha);
  if (values.length === 0) return null;
  if (range === undefined) return exactBounds(values, alpha);
  const [least, most] = range;
  const scaled = values.map((value) => (value - least) / (most - least));
  const outside = scaled.findIndex((value) => !(value >= 0 && value <= 1));
  if (outside >= 0)
    throw new RangeError(`values[${outside}] is ${values[outside]}: give values from ${least} to ${most}.`);
  const drawn = shuffled(scaled);
  const low = highestTooLow(drawn, alpha);
  const high =
    1 -
    highestTooLow(
      drawn.map((value) => 1 - value),
      alpha,
    );
  return [least + low * (most - least), least + high * (most - least)];
}

function exactBounds(values: readonly number[], alpha: number): Interval | null {
  const successes = values.filter((value) => value === 1).length;
  const outside = values.findIndex((value) => value !== 0 && value !== 1);
  if (outside >= 0) throw new RangeError(`values[${outside}] is ${values[outside]}: give 0 or 1, or a range.`);
  return clopperPearsonInterval({ successes, n: values.length }, 2 * alpha);
}

/** The highest mean that the values speak against, from below: betting that they lie above it multiplied the money by 1 / alpha. */
function highestTooLow(values: Float64Array, alpha: number): number {
  const bets = betsOf(values, alpha);
  const goal = Math.log(1 / alpha);
  const isTooLow = (mean: number) => {
    let capital = 0;
    for (let place = 0; place < values.length; place += 1) {
      capital += Math.log1p(Math.min(bets[place] ?? 0, MOST_AT_RISK / mean) * ((values[place] ?? 0) - mean));
      if (capital >= goal) return true;
    }
    return false;
  };
  let [low, high] = [0, 1];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (isTooLow(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** What to bet on each value, from the values before it alone: the best amount for so many values of their spread. */
function betsOf(values: Float64Array, alpha: number): Float64Array {
  const budget = (2 * Math.log(1 / alpha)) / values.length;
  let total = 0.5;
  let squares = 0.25;
  return values.map((value, place) => {
    const rank = place + 1;
    const bet = Math.sqrt((budget * rank) / squares);
    total += value;
    squares += (value - total / (rank + 1)) ** 2;
    return bet;
  });
}

/** The order must not depend on the values; items can be sorted by what they ask. */
function shuffled(values: readonly number[]): Float64Array {
  const random = createRandom(SEED);
  const result = Float64Array.from(values);
  for (let place = result.length - 1; place > 0; place -= 1) {
    const other = random.below(place + 1);
    [result[place], result[other]] = [result[other] ?? 0, result[place] ?? 0];
  }
  return result;
}
