/**
 * The number of independent values that determine a mean as well as these values do, if values of one group are alike: the number of
 * values over Kish's design effect, from the sums of the groups. At most the number of values. Values that are all equal show nothing
 * about their groups, so that each counts.
 */
export function effectiveSize(values: ArrayLike<number>, groups: readonly string[]): number {
  const n = values.length;
  if (groups.length !== n)
    throw new RangeError(`There are ${n} values and ${groups.length} groups: give one for each.`);
  if (n < 2) return n;
  let mean = 0;
  for (let at = 0; at < n; at += 1) mean += (values[at] ?? 0) / n;
  const sums = new Map<string, number>();
  let squares = 0;
  for (const [at, group] of groups.entries()) {
    const gap = (values[at] ?? 0) - mean;
    squares += gap * gap;
    sums.set(group, (sums.get(group) ?? 0) + gap);
  }
  if (squares === 0) return n;
  let between = 0;
  for (const sum of sums.values()) between += sum * sum;
  const count = sums.size;
  const correction = count > 1 ? count / (count - 1) / (n / (n - 1)) : 1;
  return n / Math.max(1, (between / squares) * correction);
}
