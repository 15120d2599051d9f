import { signatureOf } from "../measured.ts";
import type { Random } from "../random.ts";
import { gaussianKernel } from "./kernel.ts";
import { shuffle } from "./shuffle.ts";

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
  /**
   * The group of each vector, such as a session. Vectors of a group in one sample stay together in a permutation, because they are
   * alike. Then all vectors are used.
   */
  readonly groups?: { readonly reference: readonly string[]; readonly current: readonly string[] };
};

/** Two samples of vectors of one length, such as embeddings. */
export type VectorSamples = {
  readonly reference: readonly ArrayLike<number>[];
  readonly current: readonly ArrayLike<number>[];
};

/**
 * Unbiased MMD² (Gretton et al. 2012) with the kernel exp(−d²/2σ²). σ is the median distance of the vectors of both
 * samples; distances of 0 are left out if the median is 0. It can be slightly below 0 if nothing changed. The p-value
 * is (1 + c) / (1 + permutations), where c counts the permutations that are at least as far apart.
 */
export function maximumMeanDiscrepancy(samples: VectorSamples, options: MmdOptions): Discrepancy {
  const { random, permutations = 200, groups } = options;
  const atMost = groups ? Number.MAX_SAFE_INTEGER : (options.atMost ?? 500);
  const signature = signatureOf("mmd2", {
    kernel: "gaussian",
    bandwidth: "median",
    permutations,
    ...(groups ? { groups: "given" } : { at_most: atMost }),
  });
  const reference = drawn(samples.reference, atMost, random);
  const current = drawn(samples.current, atMost, random);
  if (reference.length < 2 || current.length < 2) return open("Both samples need at least two vectors.", signature);
  const vectors = [...reference, ...current];
  const found = gaussianKernel(vectors);
  if (found === null) return open("All vectors are the same.", signature);
  const { kernel, bandwidth } = found;
  const isCurrent = Uint8Array.from(vectors, (_, at) => (at < reference.length ? 0 : 1));
  const discrepancyOf = discrepancyIn(kernel, vectors.length);
  const value = discrepancyOf(isCurrent);
  const permute = groups ? groupShuffle(isCurrent, groups, random) : () => shuffle(isCurrent, random);
  let asFar = 0;
  for (let round = 0; round < permutations; round += 1) {
    permute();
    if (discrepancyOf(isCurrent) >= value) asFar += 1;
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

/** Gives each group of a sample a sample by chance, with as many groups of each sample as before. */
function groupShuffle(isCurrent: Uint8Array, groups: NonNullable<MmdOptions["groups"]>, random: Random): () => void {
  const names = [...groups.reference.map((name) => `0${name}`), ...groups.current.map((name) => `1${name}`)];
  if (names.length !== isCurrent.length)
    throw new RangeError(`There are ${isCurrent.length} vectors and ${names.length} groups: give one for each.`);
  const places = new Map([...new Set(names)].map((name, place) => [name, place]));
  const sides = Uint8Array.from(places.keys(), (name) => (name.startsWith("1") ? 1 : 0));
  const placeOf = names.map((name) => places.get(name) ?? 0);
  return () => {
    shuffle(sides, random);
    for (const [at, place] of placeOf.entries()) isCurrent[at] = sides[place] ?? 0;
  };
}

/**
 * The mean kernel within each sample, the diagonal left out, less twice the mean between them. Only the pairs of the current sample are
 * added up: the other sums follow from the sums of the rows.
 */
function discrepancyIn(kernel: Float64Array, size: number): (isCurrent: Uint8Array) => number {
  const sums = rowSums(kernel, size);
  const all = sums.reduce((total, sum) => total + sum, 0) / 2;
  const chosen = new Uint32Array(size);
  return (isCurrent) => {
    let [m, second, touching] = [0, 0, 0];
    for (let i = 0; i < size; i += 1) {
      if (isCurrent[i] !== 1) continue;
      touching += sums[i] ?? 0;
      const row = i * size;
      for (let place = 0; place < m; place += 1) second += kernel[row + (chosen[place] ?? 0)] ?? 0;
      chosen[m] = i;
      m += 1;
    }
    const n = size - m;
    const between = touching - 2 * second;
    const first = all - second - between;
    return (2 * first) / (n * (n - 1)) + (2 * second) / (m * (m - 1)) - (2 * between) / (n * m);
  };
}

/** The sum of each row without the diagonal. */
const rowSums = (kernel: Float64Array, size: number) =>
  Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j += 1) if (j !== i) sum += kernel[i * size + j] ?? 0;
    return sum;
  });

function drawn<T>(values: readonly T[], atMost: number, random: Random): readonly T[] {
  if (values.length <= atMost) return values;
  const places = Uint32Array.from(values.keys());
  shuffle(places, random);
  return values.filter((_, at) => (places[at] ?? 0) < atMost);
}
