/**
 * The area under the ROC curve of scores that should be higher for the second list: the share of pairs in the right order, half for a
 * tie (Mann and Whitney's U over the number of pairs). 0.5 if a list is empty.
 */
export function areaUnder(lower: ArrayLike<number>, higher: ArrayLike<number>): number {
  if (lower.length === 0 || higher.length === 0) return 0.5;
  const [ones, others] = [Float64Array.from(lower).sort(), Float64Array.from(higher).sort()];
  let [below, upTo, sum] = [0, 0, 0];
  for (const score of others) {
    while (below < ones.length && (ones[below] ?? 0) < score) below += 1;
    while (upTo < ones.length && (ones[upTo] ?? 0) <= score) upTo += 1;
    sum += (below + upTo) / 2;
  }
  return sum / (ones.length * others.length);
}
