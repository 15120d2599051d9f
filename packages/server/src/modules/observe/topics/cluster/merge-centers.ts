/** A group of vectors: how many, and their sum. */
export type Part = { readonly count: number; readonly sum: Float64Array };

/** The centers of parts, then of one part less each time: the two parts whose union adds the least variance are merged (Ward 1963). */
export function* mergeCenters(parts: readonly Part[]): Generator<Float32Array[]> {
  let left = [...parts];
  yield left.map(centerOf);
  while (left.length > 2) {
    const [one, other] = nearestPair(left);
    left = [...left.filter((part) => part !== one && part !== other), union(one, other)];
    yield left.map(centerOf);
  }
}

function nearestPair(parts: readonly Part[]): readonly [Part, Part] {
  let best: readonly [Part, Part] | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [place, one] of parts.entries())
    for (const other of parts.slice(place + 1)) {
      const cost = addedVariance(one, other);
      if (best === null || cost < least) [best, least] = [[one, other], cost];
    }
  if (!best) throw new RangeError("two parts are needed to merge");
  return best;
}

function addedVariance(one: Part, other: Part): number {
  let squares = 0;
  for (let at = 0; at < one.sum.length; at++)
    squares += ((one.sum[at] ?? 0) / one.count - (other.sum[at] ?? 0) / other.count) ** 2;
  return (squares * one.count * other.count) / (one.count + other.count);
}

const union = (one: Part, other: Part): Part => ({
  count: one.count + other.count,
  sum: one.sum.map((value, at) => value + (other.sum[at] ?? 0)),
});

function centerOf({ sum }: Part): Float32Array {
  const length = Math.hypot(...sum) || 1;
  return Float32Array.from(sum, (value) => value / length);
}
