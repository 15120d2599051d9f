/**
 * How many (robust) standard deviations a number lies from the median: the modified z-score of Iglewicz and Hoaglin (1993), who call those
 * beyond 3.5 outliers. With more than half of the numbers the same, the mean distance to the median stands in for the median one.
 */
export function createRobustScore(numbers: Float64Array): (number: number) => number {
  const middle = median(numbers);
  const distances = numbers.map((number) => Math.abs(number - middle));
  const typical = median(distances);
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / Math.max(1, distances.length);
  const unit = typical > 0 ? typical / 0.6745 : mean * 1.253314;
  return (number) => (unit > 0 ? (number - middle) / unit : 0);
}

function median(numbers: Float64Array): number {
  const sorted = numbers.toSorted();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
