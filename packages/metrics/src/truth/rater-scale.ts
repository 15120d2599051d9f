import { checkFinite } from "../statistics/shared/checks.ts";

export type RaterValue = { readonly rater: string; readonly value: number };

/**
 * Ratings on a common scale: the number of standard deviations above the rater's mean. A strict rater's 3 and a
 * generous rater's 4 can then be compared. A rater with fewer than `least` ratings (default: 5), or with equal ratings
 * only, has no known scale. The mean and the deviation of all ratings are used instead. In the order of the input. All
 * are 0 if there is no variation.
 */
export function standardiseByRater(ratings: readonly RaterValue[], least = 5): number[] {
  const values = ratings.map(({ value }) => value);
  checkFinite("ratings", values);
  const all = scaleOf(values);
  const byRater = Map.groupBy(ratings, ({ rater }) => rater);
  const scales = new Map(
    [...byRater].map(([rater, own]) => {
      const scale = scaleOf(own.map(({ value }) => value));
      return [rater, own.length < least || scale.deviation === 0 ? all : scale];
    }),
  );
  return ratings.map(({ rater, value }) => {
    const { mean, deviation } = scales.get(rater) ?? all;
    return deviation === 0 ? 0 : (value - mean) / deviation;
  });
}

/** The standard deviation of the ratings themselves, over n: they are all there are, no sample. */
function scaleOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  // What is left of equal values by rounding is no spread.
  return { mean, deviation: square <= 1e-24 * mean * mean ? 0 : Math.sqrt(square) };
}
