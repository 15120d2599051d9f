/** null without values. */
export function mean(values: ArrayLike<number>): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

/** The sample variance, over n − 1; null for fewer than two values. */
export function variance(values: ArrayLike<number>): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  let total = 0;
  for (let place = 0; place < values.length; place += 1) total += ((values[place] ?? 0) - centre) ** 2;
  return total / (values.length - 1);
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let place = 0; place < values.length; place += 1) total += values[place] ?? 0;
  return total;
}
