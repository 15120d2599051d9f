import { checkAlpha } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";

/** No bet risks more than this share of what can be lost on one value. */
const MOST_AT_RISK = 0.5;

/**
 * The hedged capital of Waudby-Smith and Ramdas (2024) against the mean `mean` of values from 0 to 1, after each value.
 * Half of the capital bets that the true mean is higher, half that it is lower. It is exact for every n and any
 * distribution. Reaching 1 / alpha at any look is evidence. `alpha` only tunes the bets.
 */
export function bettingEValues(values: readonly number[], mean: number, alpha = 0.05): Float64Array {
  if (!(mean > 0 && mean < 1)) throw new RangeError(`mean is ${mean}: give one between 0 and 1.`);
  const bets = betsOf(values, alpha);
  let [higher, lower] = [Math.log(0.5), Math.log(0.5)];
  return Float64Array.from(values, (value, place) => {
    higher += gain(bets[place] ?? 0, value - mean, mean);
    lower += gain(bets[place] ?? 0, mean - value, 1 - mean);
    return Math.max(Math.exp(higher), Math.exp(lower));
  });
}

/**
 * The confidence sequence that goes with it, after the last value: all means that no look so far spoke against. For differences d of two
 * scores within 0 and 1 give (d + 1) / 2, and turn the interval back by 2x − 1. [0, 1] without values.
 */
export function bettingSequence(values: readonly number[], alpha = 0.05): Interval {
  const bets = betsOf(values, alpha);
  const goal = Math.log(2 / alpha);
  /** Whether betting that the values lie above `mean` ever paid enough. The more so the lower `mean` is. */
  const isTooLow = (mean: number, valueAt: (place: number) => number) => {
    let capital = 0;
    for (let place = 0; place < values.length; place += 1) {
      capital += gain(bets[place] ?? 0, valueAt(place) - mean, mean);
      if (capital >= goal) return true;
    }
    return false;
  };
  const low = highestLeftOut((mean) => isTooLow(mean, (place) => values[place] ?? 0));
  const high = 1 - highestLeftOut((mean) => isTooLow(mean, (place) => 1 - (values[place] ?? 0)));
  // Both ends can cross when the values drift: then nothing constant fits, and the meeting point is given.
  return low <= high ? [low, high] : [(low + high) / 2, (low + high) / 2];
}

/** What to bet on each value, from those before it alone: larger when they vary little. */
function betsOf(values: readonly number[], alpha: number): Float64Array {
  checkAlpha(alpha);
  let total = 0.5;
  let squares = 0.25;
  return Float64Array.from(values, (value, place) => {
    if (!(value >= 0 && value <= 1)) throw new RangeError(`values[${place}] is ${value}: give values within 0 and 1.`);
    const n = place + 1;
    const bet = Math.sqrt((2 * Math.log(2 / alpha)) / ((squares / n) * n * Math.log(n + 1)));
    total += value;
    squares += (value - total / (n + 1)) ** 2;
    return bet;
  });
}

const gain = (bet: number, surprise: number, most: number) => Math.log1p(Math.min(bet, MOST_AT_RISK / most) * surprise);

function highestLeftOut(isLeftOut: (mean: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (isLeftOut(middle)) low = middle;
    else high = middle;
  }
  return low;
}
