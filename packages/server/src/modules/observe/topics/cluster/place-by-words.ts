/** Words of fewer embedded texts say little about the meaning of others. */
const FEWEST_TEXTS = 2;

export type Embedded = {
  readonly rows: readonly number[];
  readonly vectors: readonly ArrayLike<number>[];
  readonly size: number;
};

/**
 * Vectors of texts that were not embedded: the mean of what their words mean, which is the mean of the embedded texts with the word,
 * weighted by how rare it is. Null for a text without a known word.
 */
export function createWordPlacing({ rows, vectors, size }: Embedded, words: readonly (readonly string[])[]) {
  const mean = new Float64Array(size);
  const sums = new Map<string, { count: number; sum: Float64Array }>();
  for (const [place, row] of rows.entries()) {
    const vector = vectors[place] ?? [];
    add(mean, vector, 1 / rows.length);
    for (const word of words[row] ?? []) {
      const one = sums.get(word) ?? { count: 0, sum: new Float64Array(size) };
      one.count++;
      add(one.sum, vector, 1);
      sums.set(word, one);
    }
  }
  return function placeByWords(row: number): Float64Array | null {
    const vector = new Float64Array(size);
    let weights = 0;
    for (const word of words[row] ?? []) {
      const one = sums.get(word);
      if (!one || one.count < FEWEST_TEXTS) continue;
      const weight = Math.log(1 + rows.length / one.count) ** 2;
      add(vector, one.sum, weight / one.count);
      add(vector, mean, -weight);
      weights += weight;
    }
    if (weights === 0) return null;
    for (let at = 0; at < size; at++) vector[at] = (vector[at] ?? 0) / weights + (mean[at] ?? 0);
    return vector;
  };
}

function add(sum: Float64Array, vector: ArrayLike<number>, factor: number): void {
  for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + factor * (vector[at] ?? 0);
}
