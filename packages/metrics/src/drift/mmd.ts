import { signatureOf } from "../measured.ts";
import type { Random } from "../random.ts";

/** The squared maximum mean discrepancy of two samples of vectors, and how likely one source brings as much. */
export type Discrepancy = {
  readonly value: number | null;
  readonly pValue: number | null;
  readonly bandwidth: number | null;
  readonly signature: string;
  readonly reason: string | null;
};

export type MmdOptions = {
  readonly random: Random;
  readonly permutations?: number;
  /** Of a larger sample so many vectors are drawn: time and memory grow with the square. */
  readonly atMost?: number;
};

/** Two samples of vectors of one length, such as embeddings. */
export type VectorSamples = {
  readonly reference: readonly ArrayLike<number>[];
  readonly current: readonly ArrayLike<number>[];
};

/**
 * MMD², unbiased (Gretton et al. 2012), with the kernel exp(−d²/2σ²), σ the median distance of the vectors of both
 * samples, those of distance 0 left out if the median is 0. It may be a little below 0 where nothing changed. The
 * p-value is (1 + c) / (1 + permutations), c being how often mixed samples lie as far apart.
 */
export function maximumMeanDiscrepancy(samples: VectorSamples, options: MmdOptions): Discrepancy {
  const { random, permutations = 200, atMost = 500 } = options;
  const signature = signatureOf("mmd2", { kernel: "gaussian", bandwidth: "median", permutations, at_most: atMost });
  const reference = drawn(samples.reference, atMost, random);
  const current = drawn(samples.current, atMost, random);
  if (reference.length < 2 || current.length < 2) return open("Both samples need at least two vectors.", signature);
  const vectors = [...reference, ...current];
  mustBeVectors(vectors);
  const squares = squaredDistances(vectors);
  const bandwidth = medianDistance(squares, vectors.length);
  if (bandwidth === null) return open("All vectors are the same.", signature);
  const kernel = squares.map((square) => Math.exp(-square / (2 * bandwidth * bandwidth)));
  const isCurrent = Uint8Array.from(vectors, (_, at) => (at < reference.length ? 0 : 1));
  const value = discrepancy(kernel, isCurrent);
  let asFar = 0;
  for (let round = 0; round < permutations; round += 1) {
    shuffle(isCurrent, random);
    if (discrepancy(kernel, isCurrent) >= value) asFar += 1;
  }
  return { value, pValue: (1 + asFar) / (1 + permutations), bandwidth, signature, reason: null };
}

const open = (reason: string, signature: string): Discrepancy => ({
  value: null,
  pValue: null,
  bandwidth: null,
  signature,
  reason,
});

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

/** The mean kernel within each sample, the diagonal left out, less twice that between them. */
function discrepancy(kernel: Float64Array, isCurrent: Uint8Array): number {
  const size = isCurrent.length;
  const m = isCurrent.reduce((sum, one) => sum + one, 0);
  const n = size - m;
  let [first, second, between] = [0, 0, 0];
  for (let i = 1; i < size; i += 1) {
    const mine = isCurrent[i];
    let [same, other] = [0, 0];
    for (let j = 0; j < i; j += 1) {
      const value = kernel[i * size + j] ?? 0;
      if (isCurrent[j] === mine) same += value;
      else other += value;
    }
    between += other;
    if (mine === 1) second += same;
    else first += same;
  }
  return (2 * first) / (n * (n - 1)) + (2 * second) / (m * (m - 1)) - (2 * between) / (n * m);
}

function drawn<T>(values: readonly T[], atMost: number, random: Random): readonly T[] {
  if (values.length <= atMost) return values;
  const places = Uint32Array.from(values.keys());
  shuffle(places, random);
  return values.filter((_, at) => (places[at] ?? 0) < atMost);
}

function shuffle(values: Uint8Array | Uint32Array, random: Random): void {
  for (let at = values.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    const kept = values[at] ?? 0;
    values[at] = values[other] ?? 0;
    values[other] = kept;
  }
}

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
