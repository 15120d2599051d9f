import { signatureOf } from "../measured.ts";
import type { Random } from "../random.ts";
import { psiOfCounts, psiOfShares, type Stability } from "./psi.ts";
import { shuffle } from "./shuffle.ts";

export type LabelOptions = { readonly random: Random; readonly permutations?: number; readonly epsilon?: number };

/**
 * The index of two samples of labels, each label that is in either being a bin. Rare labels make the χ² law of
 * `psiOfCounts` wrong, so the p-value is (1 + c) / (1 + permutations), c being how often mixed samples lie as far apart.
 */
export function psiOfLabels(
  reference: readonly string[],
  current: readonly string[],
  { random, permutations = 200, epsilon = 1e-4 }: LabelOptions,
): Stability {
  const labels = [...new Set([...reference, ...current])].sort();
  const places = new Map(labels.map((label, place) => [label, place]));
  const mixed = Uint32Array.from([...reference, ...current], (label) => places.get(label) ?? 0);
  const [n, m] = [reference.length, current.length];
  const psi = psiOfCounts(
    countsOf(mixed.subarray(0, n), labels.length),
    countsOf(mixed.subarray(n), labels.length),
    epsilon,
  );
  const signature = signatureOf("psi", { bins: labels.length, epsilon, p: "permuted", permutations });
  if (psi.value === null) return { ...psi, signature };
  let asFar = 0;
  for (let round = 0; round < permutations; round += 1) {
    shuffle(mixed, random);
    const shares = (from: number, to: number) =>
      countsOf(mixed.subarray(from, to), labels.length).map((count) => count / (to - from));
    const { value } = psiOfShares(shares(0, n), shares(n, n + m), epsilon);
    // Sums of the same parts may differ in their last digits.
    if ((value ?? 0) >= psi.value - 1e-12) asFar += 1;
  }
  return { ...psi, pValue: (1 + asFar) / (1 + permutations), signature };
}

function countsOf(places: Uint32Array, labels: number): number[] {
  const counts = new Array<number>(labels).fill(0);
  for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
  return counts;
}
