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
  const value = discrepancy(kernel, isCurrent);
  const permute = groups ? groupShuffle(isCurrent, groups, random) : () => shuffle(isCurrent, random);
  let asFar = 0;
  for (let round = 0; round < permutations; round += 1) {
    permute();
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
