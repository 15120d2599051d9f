import { sameLength } from "../classification/labels.ts";
import { chiSquareSurvival } from "../distributions/index.ts";
import { signatureOf } from "../measured.ts";

/**
 * The population stability index. By convention, 0.1 is a moderate and 0.25 a major change. Two samples of the same
 * source have about `noise`, not 0, which is large for small samples. `excess` is the value above the noise, and
 * `pValue` the probability of this value by chance. Both are null for shares with unknown sample sizes.
 */
export type Stability = {
  readonly value: number | null;
  readonly noise: number | null;
  readonly excess: number | null;
  readonly pValue: number | null;
  readonly signature: string;
  readonly reason: string | null;
};

export type PsiOptions = {
  /** Bins of the reference with as many values each, ten by themselves. */
  readonly bins?: number;
  /** What an empty bin's share is taken for. */
  readonly epsilon?: number;
};

/** Σ (current − expected)·ln(current / expected) over shares; a share below `epsilon` is taken for it. */
export function psiOfShares(expected: readonly number[], current: readonly number[], epsilon = 1e-4): Stability {
  sameLength("The expected and the current shares", expected, current);
  const signature = signatureOf("psi", { bins: expected.length, epsilon });
  if (expected.length === 0) return nothing("There is no bin.", signature);
  for (const share of [...expected, ...current]) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`${share} is no share: it must lie between 0 and 1.`);
  }
  return {
    value: indexOf(expected, current, epsilon),
    noise: null,
    excess: null,
    pValue: null,
    signature,
    reason: null,
  };
}

/** The index of how often each of some categories was there: one count each, in the same order. */
export function psiOfCounts(reference: readonly number[], current: readonly number[], epsilon = 1e-4): Stability {
  sameLength("The counts of the reference and the current ones", reference, current);
  const signature = signatureOf("psi", { bins: reference.length, epsilon });
  const [n, m] = [totalOf(reference), totalOf(current)];
  if (n === 0 || m === 0) return nothing("One of the two samples is empty.", signature);
  if (reference.length < 2) return nothing("All values are in one bin, so no change can be seen.", signature);
  const shares = (counts: readonly number[], total: number) => counts.map((count) => count / total);
  const value = indexOf(shares(reference, n), shares(current, m), epsilon);
  const scale = 1 / n + 1 / m;
  const freedom = reference.length - 1;
  const noise = freedom * scale;
  return {
    value,
    noise,
    excess: value - noise,
    pValue: chiSquareSurvival(value / scale, freedom),
    signature,
    reason: null,
  };
}

/**
 * The index of two samples of numbers, in bins between the quantiles of the reference. A value on an edge is in the
 * bin below; edges that coincide, as where many values are equal, become one.
 */
export function psi(reference: readonly number[], current: readonly number[], options: PsiOptions = {}): Stability {
  const { bins = 10, epsilon = 1e-4 } = options;
  if (!Number.isInteger(bins) || bins < 2) throw new RangeError(`${bins} is no number of bins. Give 2 or more.`);
  mustBeNumbers([...reference, ...current]);
  const signature = signatureOf("psi", { bins, epsilon, edges: "reference-quantiles" });
  if (reference.length === 0 || current.length === 0) return nothing("One of the two samples is empty.", signature);
  const edges = quantileEdges(reference, bins);
  return { ...psiOfCounts(countsIn(reference, edges), countsIn(current, edges), epsilon), signature };
}

/** Throws where a value is not finite. */
export function mustBeNumbers(values: readonly number[]): void {
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new RangeError(`Value ${wrong} is ${values[wrong]}. It must be a finite number.`);
}

const nothing = (reason: string, signature: string): Stability => ({
  value: null,
  noise: null,
  excess: null,
  pValue: null,
  signature,
  reason,
});

function indexOf(expected: readonly number[], current: readonly number[], epsilon: number): number {
  return expected.reduce((sum, share, at) => {
    const [e, a] = [Math.max(share, epsilon), Math.max(current[at] ?? 0, epsilon)];
    return sum + (a - e) * Math.log(a / e);
  }, 0);
}

function quantileEdges(values: readonly number[], bins: number): number[] {
  const sorted = Float64Array.from(values).sort();
  const edges = Array.from({ length: bins - 1 }, (_, at) => {
    const place = ((at + 1) / bins) * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
    return below + (above - below) * (place - Math.floor(place));
  });
  return [...new Set(edges)];
}

function countsIn(values: readonly number[], edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (value <= (edges[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    counts[low] = (counts[low] ?? 0) + 1;
  }
  return counts;
}

function totalOf(counts: readonly number[]): number {
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`${count} is no count.`);
  }
  return counts.reduce((sum, count) => sum + count, 0);
}
