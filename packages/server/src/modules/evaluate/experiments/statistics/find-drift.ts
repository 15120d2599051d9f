import {
  createRandom,
  holm,
  kolmogorovSmirnov,
  maximumMeanDiscrepancy,
  mmdWitness,
  psi,
  psiOfLabels,
  type Random,
} from "@treadle/metrics";

/** One comparable property of two samples: vectors, numbers or labels. */
type DriftSamples =
  | {
      readonly kind: "meaning";
      readonly reference: readonly (readonly number[])[];
      readonly current: readonly (readonly number[])[];
    }
  | { readonly kind: "number"; readonly reference: readonly number[]; readonly current: readonly number[] }
  | { readonly kind: "category"; readonly reference: readonly string[]; readonly current: readonly string[] };

/** `alpha` applies to all columns together. A change below the minimum does not count, however significant. */
export type DriftOrder = {
  readonly columns: readonly DriftSamples[];
  readonly alpha: number;
  readonly leastPsi: number;
  readonly leastMmd: number;
  readonly seed: number;
};
export type DriftAnswer = readonly {
  readonly change: number | null;
  readonly pValue: number | null;
  readonly adjustedP: number | null;
  readonly isDrift: boolean;
  /** For each current one, how much it is like the others now and unlike the reference. Comparable within a column. */
  readonly unlike: readonly number[];
}[];

const LEAST_PERMUTATIONS = 999;
/** The smallest p-value that permutations can give is, after Holm's correction, this part of alpha. */
const FINER_THAN_ALPHA = 4;

/** The drifted columns, by a test of each and Holm's correction over all, and their new values. */
export function findDrift({ columns, alpha, leastPsi, leastMmd, seed }: DriftOrder): DriftAnswer {
  const random = createRandom(seed);
  const permutations = Math.max(LEAST_PERMUTATIONS, Math.ceil((FINER_THAN_ALPHA * columns.length) / alpha));
  const tested = columns.map((samples) => test(samples, { random, permutations }));
  const adjusted = holm(tested.map(({ pValue }) => pValue));
  return tested.map(({ change, pValue }, place) => {
    const samples = columns[place];
    const adjustedP = adjusted[place] ?? null;
    const least = samples?.kind === "meaning" ? leastMmd : leastPsi;
    const isDrift = adjustedP !== null && adjustedP <= alpha && change !== null && change > 0 && change >= least;
    return { change, pValue, adjustedP, isDrift, unlike: isDrift && samples ? unlikeness(samples) : [] };
  });
}

type Tested = { readonly change: number | null; readonly pValue: number | null };

function test(samples: DriftSamples, options: { random: Random; permutations: number }): Tested {
  switch (samples.kind) {
    case "meaning": {
      const { value, pValue } = maximumMeanDiscrepancy(samples, options);
      return { change: value, pValue };
    }
    case "number": {
      const { pValue } = kolmogorovSmirnov(samples.reference, samples.current);
      return { change: psi(samples.reference, samples.current).excess, pValue };
    }
    case "category": {
      const { excess, pValue } = psiOfLabels(samples.reference, samples.current, options);
      return { change: excess, pValue };
    }
    default:
      return samples satisfies never;
  }
}

function unlikeness(samples: DriftSamples): number[] {
  if (samples.kind === "meaning") return [...mmdWitness(samples)];
  if (samples.kind === "number") {
    const points = (values: readonly number[]) => values.map((value) => [value]);
    return [...mmdWitness({ reference: points(samples.reference), current: points(samples.current) })];
  }
  const [before, now] = [sharesOf(samples.reference), sharesOf(samples.current)];
  return samples.current.map((label) => (now.get(label) ?? 0) - (before.get(label) ?? 0));
}

function sharesOf(labels: readonly string[]): ReadonlyMap<string, number> {
  const groups = Map.groupBy(labels, (label) => label);
  return new Map([...groups].map(([label, all]) => [label, all.length / labels.length]));
}
