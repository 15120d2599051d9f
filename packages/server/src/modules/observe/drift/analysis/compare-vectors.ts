import { createRandom, type DomainClassifier, domainClassifier, maximumMeanDiscrepancy } from "@treadle/metrics";
import { extremesOf, type Finding, type Units } from "./finding.ts";
import type { Sides } from "./measure-signals.ts";
import { unpackVectors } from "./pack-vectors.ts";

/** The same result for the same texts. */
const SEED = 20_261_201;
const PERMUTATIONS = 500;

export type Classified = { readonly finding: Finding; readonly scores: DomainClassifier["scores"] };

/** How well the texts of both sides can be distinguished by their vectors. Null with too few users. */
export function classify({ reference, current }: Sides): Classified | null {
  const samples = { reference: unpackVectors(reference.vectors), current: unpackVectors(current.vectors) };
  if (samples.reference.length === 0 || samples.current.length === 0) return null;
  const groups = {
    reference: reference.items.map(({ group }) => group),
    current: current.items.map(({ group }) => group),
  };
  const found = domainClassifier(samples, { random: createRandom(SEED), groups });
  if (!found) return null;
  const { auc, interval, pValue, scores } = found;
  const numbers = { reference: [...scores.reference], current: [...scores.current] };
  const finding: Finding = {
    signal: "domain",
    label: "Classifier",
    effect: "auc",
    reference: null,
    current: null,
    value: auc,
    lower: interval[0],
    upper: interval[1],
    pValue,
    marks: extremesOf(numbers, numbers.reference, true),
  };
  return { finding, scores };
}

/** The distance of the distributions of both sides' vectors. It has no scale of its own, so that it never counts as large. */
export function measureDiscrepancy({ reference, current }: Sides, groups: Units): Finding | null {
  const samples = { reference: unpackVectors(reference.vectors), current: unpackVectors(current.vectors) };
  if (samples.reference.length === 0 || samples.current.length === 0) return null;
  const options = { random: createRandom(SEED), permutations: PERMUTATIONS, groups };
  const { value, pValue } = maximumMeanDiscrepancy(samples, options);
  if (value === null || pValue === null) return null;
  return {
    signal: "embeddings",
    label: "Embeddings (MMD²)",
    effect: "mmd",
    reference: null,
    current: null,
    value,
    lower: null,
    upper: null,
    pValue,
    marks: null,
  };
}
