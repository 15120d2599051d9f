/**
 * exp(−d²/2σ²) for each pair of vectors, row by row. σ is the median distance of two different vectors; distances of 0
 * are left out if the median is 0. Null if all vectors are equal. Throws if lengths differ or a number is not finite.
 */
export function gaussianKernel(
  vectors: readonly ArrayLike<number>[],
): { readonly kernel: Float64Array; readonly bandwidth: number } | null {
  mustBeVectors(vectors);
  const squares = squaredDistances(vectors);
  const bandwidth = medianDistance(squares, vectors.length);
  if (bandwidth === null) return null;
  return { kernel: squares.map((square) => Math.exp(-square / (2 * bandwidth * bandwidth))), bandwidth };
}

function squaredDistances(vectors: readonly ArrayLike<number>[]): Float64Array {
  const size = vectors.length;
  const rows = vectors.map((vector) => Float64Array.from(vector));
  const squares = new Float64Array(size * size);
  for (const [i, a] of rows.entries()) {
    for (let j = 0; j < i; j += 1) {
      const b = rows[j] ?? a;
      let sum = 0;
      for (let at = 0; at < a.length; at += 1) sum += ((a[at] ?? 0) - (b[at] ?? 0)) ** 2;
      squares[i * size + j] = sum;
      squares[j * size + i] = sum;
    }
  }
  return squares;
}

function medianDistance(squares: Float64Array, size: number): number | null {
  const pairs = new Float64Array((size * (size - 1)) / 2);
  let count = 0;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) {
      pairs[count] = squares[i * size + j] ?? 0;
      count += 1;
    }
  }
  pairs.sort();
  const median = middleOf(pairs);
  if (median > 0) return Math.sqrt(median);
  const apart = pairs.subarray(pairs.findIndex((square) => square > 0));
  const farthest = pairs.at(-1) ?? 0;
  return farthest > 0 ? Math.sqrt(middleOf(apart)) : null;
}

const middleOf = (sorted: Float64Array): number => {
  const [below, above] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return (below + above) / 2;
};

function mustBeVectors(vectors: readonly ArrayLike<number>[]): void {
  const length = vectors[0]?.length ?? 0;
  for (const [at, vector] of vectors.entries()) {
    if (vector.length !== length)
      throw new RangeError(`Vector ${at} has ${vector.length} numbers, the first ${length}.`);
    for (let i = 0; i < vector.length; i += 1) {
      if (!Number.isFinite(vector[i]))
        throw new RangeError(`Vector ${at} holds ${vector[i]}, which is no finite number.`);
    }
  }
}
