import type { Measured } from "../measured.ts";
import type { Random } from "../random.ts";
import { checkAlpha } from "../statistics/shared/checks.ts";
import type { Interval } from "../statistics/shared/comparison.ts";
import type { Ratings, Units } from "./units.ts";

export type AgreementIntervalOptions = {
  readonly random: Random;
  readonly resamples?: number;
  readonly alpha?: number;
};

/** A percentile interval; null, with the reason, where too many resamples have no value or all have the same. */
export type AgreementInterval = {
  readonly interval: Interval | null;
  readonly resamples: number;
  readonly undefinedResamples: number;
  readonly reason: string | null;
};

/**
 * The bootstrap interval of an agreement. Units are drawn with replacement, with all their ratings, and the agreement
 * is computed again. If more than one of 20 resamples has no agreement, for example because nearly all ratings are
 * equal, there is no interval. An interval of the other resamples would leave out the most similar ones.
 */
export function agreementInterval(
  units: Units,
  measure: (units: Units) => Measured,
  { random, resamples = 1000, alpha = 0.05 }: AgreementIntervalOptions,
): AgreementInterval {
  if (!Number.isInteger(resamples) || resamples < 1) throw new RangeError(`${resamples} is no number of resamples.`);
  checkAlpha(alpha);
  const values: number[] = [];
  for (let round = 0; round < resamples; round += 1) {
    const { value } = measure(drawn(units, random));
    if (value !== null) values.push(value);
  }
  const undefinedResamples = resamples - values.length;
  const counts = { resamples, undefinedResamples };
  if (undefinedResamples > resamples / 20) {
    return { interval: null, ...counts, reason: `${undefinedResamples} of ${resamples} resamples have no agreement.` };
  }
  values.sort((a, b) => a - b);
  if (values.length > 0 && values[0] === values.at(-1))
    return { interval: null, ...counts, reason: "All units agree alike, so nothing is known of how others would." };
  return { interval: [quantile(values, alpha / 2), quantile(values, 1 - alpha / 2)], ...counts, reason: null };
}

function drawn(units: Units, random: Random): Ratings[] {
  return units.map(() => units[random.below(units.length)] ?? []);
}

/** Between the two nearest of the sorted values, in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return below + (above - below) * (place - Math.floor(place));
}
