import { checkFinite } from "../statistics/checks.ts";

export type RaterValue = { readonly rater: string; readonly value: number };

/**
 * Ratings on one scale: how many standard deviations each lies above its rater's mean, so that a strict rater's 3 and a kind one's 4
 * can be compared. A rater with fewer than `least` ratings (5 when left out), or who always says the same, has no scale that could be
 * known: the mean and the deviation of all ratings stand in. Place by place; all 0 where nothing varies.
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
