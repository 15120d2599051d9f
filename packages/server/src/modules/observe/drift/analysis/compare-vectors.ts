import { createRandom, type DomainClassifier, domainClassifier, maximumMeanDiscrepancy } from "@treadle/metrics";
import type { DriftItem } from "./drift-item.ts";
import { compareShares, extremesOf, type Finding, quantileOf, type Units } from "./finding.ts";
import type { Sides } from "./measure-signals.ts";
import { unpackVectors } from "./pack-vectors.ts";

/** The same result for the same texts. */
const SEED = 20_261_201;
const PERMUTATIONS = 500;

type Scores = DomainClassifier["scores"];
/** A text is unlike the reference if it scores above this share of the reference's texts. */
const USUAL_SHARE = 0.98;

/**
 * How well the texts of both sides can be distinguished by their vectors. Users are never divided between training and test, so that
 * one user's habits do not count. Null with too few users.
 */
export function compareDomains(sides: Sides): Finding | null {
  const found = classify(sides, ({ group }) => group);
  if (!found) return null;
  const { auc, interval, pValue, scores } = found;
  const marks = extremesOf(numbersOf(scores), [...scores.reference], true);
  const name = { signal: "domain", label: "Classifier", effect: "auc" as const, reference: null, current: null };
  return { ...name, value: auc, lower: interval[0], upper: interval[1], pValue, marks };
}

/**
 * The share of texts that score as unlike nearly all of the reference, by a classifier that may know other sessions of the same user. A
 * new user shows here.
 */
export function compareUnlike(sides: Sides, units: Units): { finding: Finding | null; scores: Scores } | null {
  const found = classify(sides, ({ unit }) => unit);
  if (!found) return null;
  const bound = quantileOf([...found.scores.reference], USUAL_SHARE);
  const mark = (score: number) => Number(score > bound);
  const numbers = numbersOf(found.scores);
  const marks = { reference: numbers.reference.map(mark), current: numbers.current.map(mark) };
  const name = { signal: "unlike", label: "Texts unlike the reference" };
  return { finding: compareShares(name, marks, units), scores: found.scores };
}

const numbersOf = (scores: Scores) => ({ reference: [...scores.reference], current: [...scores.current] });

function classify({ reference, current }: Sides, groupOf: (item: DriftItem) => string): DomainClassifier | null {
  const samples = { reference: unpackVectors(reference.vectors), current: unpackVectors(current.vectors) };
  if (samples.reference.length === 0 || samples.current.length === 0) return null;
  const groups = { reference: reference.items.map(groupOf), current: current.items.map(groupOf) };
  return domainClassifier(samples, { random: createRandom(SEED), groups });
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
