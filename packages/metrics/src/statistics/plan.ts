import { pairedMeanItems } from "./power.ts";
import { checkFinite } from "./shared/checks.ts";
import { mean, variance } from "./shared/moments.ts";

/** Where the noise of a comparison comes from. */
export type NoiseParts = {
  /** The standard deviation, over items, of the true difference between the runs: more repeats do not shrink it. */
  readonly sdBetween: number;
  /** The standard deviation of one answer's score when the same item is asked again: repeats shrink it. */
  readonly sdWithin: number;
};

export type Plan = {
  readonly repeats: number;
  readonly items: number;
  /** Answers to make and score, of both runs. */
  readonly calls: number;
};

/**
 * Items for a difference, for each number of repeats of an item, cheapest first. The noise of an item's difference is
 * sdBetween² + 2·sdWithin² / repeats. Rows that need more items than `mostItems` are left out, so that it can be empty.
 */
export function planItems({
  difference,
  sdBetween,
  sdWithin,
  power,
  alpha,
  mostRepeats = 10,
  mostItems = Number.POSITIVE_INFINITY,
}: NoiseParts & {
  readonly difference: number;
  readonly power?: number;
  readonly alpha?: number;
  readonly mostRepeats?: number;
  readonly mostItems?: number;
}): Plan[] {
  if (!(sdBetween >= 0 && sdWithin >= 0 && sdBetween + sdWithin > 0)) {
    throw new RangeError(`sdBetween is ${sdBetween} and sdWithin ${sdWithin}: give 0 or more, one of them above 0.`);
  }
  return Array.from({ length: mostRepeats }, (_, place) => place + 1)
    .flatMap((repeats) => {
      const sd = Math.sqrt(sdBetween ** 2 + (2 * sdWithin ** 2) / repeats);
      const items = pairedMeanItems({ difference, sd, power, alpha });
      return items === null || items > mostItems ? [] : [{ repeats, items, calls: 2 * items * repeats }];
    })
    .sort((a, b) => a.calls - b.calls || a.repeats - b.repeats);
}

/**
 * Splits the noise of two runs with repeats: one row an item, one number a repeat. Rows may differ in length. null unless two items or
 * more have a repeat on both sides. A between part that comes out below zero is 0.
 */
export function splitNoise(
  base: readonly (readonly number[])[],
  head: readonly (readonly number[])[],
): NoiseParts | null {
  const within = [...base, ...head].flatMap((scores, row) => {
    checkFinite(`row ${row}`, scores);
    const spread = variance(scores);
    return spread === null ? [] : [{ spread, weight: scores.length - 1 }];
  });
  const weights = within.reduce((total, { weight }) => total + weight, 0);
  const pairs = base.flatMap((scores, item) => {
    const [one, other] = [mean(scores), mean(head[item] ?? [])];
    return one === null || other === null
      ? []
      : [{ difference: other - one, share: 1 / scores.length + 1 / (head[item] ?? []).length }];
  });
  const spread = variance(pairs.map(({ difference }) => difference));
  if (spread === null || weights < 2) return null;
  const squared = within.reduce((total, { spread: each, weight }) => total + each * weight, 0) / weights;
  const noise = squared * (mean(pairs.map(({ share }) => share)) ?? 0);
  return { sdBetween: Math.sqrt(Math.max(0, spread - noise)), sdWithin: Math.sqrt(squared) };
}
