import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { type Confusion, type Tally, talliesOf } from "./confusion.ts";
import type { Label } from "./labels.ts";

/** How the labels' values become one: over all decisions, over labels alike, or over labels by how often they are there. */
export type Average = "micro" | "macro" | "weighted";

/**
 * The value of 0 / 0. `null` makes it undefined, and every mean over it. 0 and 1 equal scikit-learn's `zero_division`.
 * "exclude" leaves the label out of the mean, like `zero_division=nan`.
 */
export type ZeroDivision = null | 0 | 1 | "exclude";

export type AverageOptions = {
  readonly average: Average;
  readonly beta?: number;
  readonly zeroDivision?: ZeroDivision;
};

/** A label's own precision, recall and F; null where it is a quotient by nothing. */
export type LabelScores = {
  readonly label: Label;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f: number | null;
  readonly support: number;
};

const EMPTY = "There is no pair of labels.";

/** The share of items whose label is right. */
export function accuracy(confusion: Confusion): Measured {
  const signature = signatureOf("accuracy");
  if (confusion.total === 0) return undefinedBecause(EMPTY, signature);
  return defined(sumOf(talliesOf(confusion), "hits") / confusion.total, signature);
}

/** The mean recall over the labels that are there: a label that was only predicted has no part in it. */
export function balancedAccuracy(confusion: Confusion): Measured {
  const signature = signatureOf("balanced_accuracy");
  const present = talliesOf(confusion).filter(({ actual }) => actual > 0);
  if (present.length === 0) return undefinedBecause(EMPTY, signature);
  const sum = present.reduce((all, { hits, actual }) => all + hits / actual, 0);
  return defined(sum / present.length, signature);
}

/** Of what was called a label, the share that is it. */
export function precision(confusion: Confusion, options: AverageOptions): Measured {
  return averaged(confusion, "precision", options);
}

/** Of what is a label, the share that was called it. */
export function recall(confusion: Confusion, options: AverageOptions): Measured {
  return averaged(confusion, "recall", options);
}

/** The mean over labels of (1+β²)·hits / (β²·actual + predicted), β = 1 by itself: not the F of mean precision and recall. */
export function fScore(confusion: Confusion, options: AverageOptions): Measured {
  return averaged(confusion, "f", options);
}

/** Precision, recall and F of each label. */
export function labelScores(confusion: Confusion, beta = 1): LabelScores[] {
  return talliesOf(confusion).map((tally) => ({
    label: tally.label,
    precision: quotient(tally, "precision", beta),
    recall: quotient(tally, "recall", beta),
    f: quotient(tally, "f", beta),
    support: tally.actual,
  }));
}

/**
 * Matthews' correlation of the two columns, for any number of labels, from −1 to 1. It is left open where one column
 * holds a single label; `zeroDivision: 0` gives the 0 of scikit-learn.
 */
export function matthews(confusion: Confusion, options: { readonly zeroDivision?: null | 0 } = {}): Measured {
  const zero = options.zeroDivision ?? null;
  const signature = signatureOf("mcc", { zero: zero ?? "null" });
  const tallies = talliesOf(confusion);
  const all = confusion.total;
  if (all === 0) return undefinedBecause(EMPTY, signature);
  const dot = (a: keyof Counts, b: keyof Counts) => tallies.reduce((sum, tally) => sum + tally[a] * tally[b], 0);
  const together = sumOf(tallies, "hits") * all - dot("actual", "predicted");
  const spread = (all * all - dot("predicted", "predicted")) * (all * all - dot("actual", "actual"));
  if (spread !== 0) return defined(together / Math.sqrt(spread), signature);
  return zero === 0
    ? defined(0, signature)
    : undefinedBecause("One of the two columns holds a single label, which correlates with nothing.", signature);
}

type Counts = Pick<Tally, "hits" | "predicted" | "actual">;
type Kind = "precision" | "recall" | "f";

function averaged(confusion: Confusion, kind: Kind, options: AverageOptions): Measured {
  const { average, beta = 1, zeroDivision = null } = options;
  if (!(beta > 0) || !Number.isFinite(beta)) throw new RangeError(`beta is ${beta}. It must be more than 0.`);
  const name = kind === "f" ? `f${beta}` : kind;
  const signature = signatureOf(name, { average, zero: zeroDivision ?? "null" });
  const tallies = talliesOf(confusion);
  if (confusion.total === 0) return undefinedBecause(EMPTY, signature);
  const counted = average === "micro" ? [together(tallies)] : average === "macro" ? tallies : tallies.filter(isThere);
  const values = counted.map((tally) => ({ tally, value: quotient(tally, kind, beta) ?? filler(zeroDivision) }));
  const open = values.find(({ value }) => value === null);
  if (open && zeroDivision === null) return undefinedBecause(why(kind, open.tally, average), signature);
  const kept = values.flatMap(({ tally, value }) => (value === null ? [] : [{ tally, value }]));
  const weights = kept.map(({ tally }) => (average === "weighted" ? tally.actual : 1));
  const weight = weights.reduce((sum, one) => sum + one, 0);
  if (weight === 0) return undefinedBecause(`The ${kind} of every label is open.`, signature);
  return defined(kept.reduce((sum, { value }, at) => sum + value * (weights[at] ?? 0), 0) / weight, signature);
}

function quotient({ hits, predicted, actual }: Counts, kind: Kind, beta: number): number | null {
  if (kind === "precision") return predicted === 0 ? null : hits / predicted;
  if (kind === "recall") return actual === 0 ? null : hits / actual;
  const below = beta * beta * actual + predicted;
  return below === 0 ? null : ((1 + beta * beta) * hits) / below;
}

const filler = (zeroDivision: ZeroDivision): number | null => (typeof zeroDivision === "number" ? zeroDivision : null);

/** A label that no item has weighs nothing. */
const isThere = ({ actual }: Tally): boolean => actual > 0;

const together = (tallies: readonly Tally[]): Tally => ({
  label: "all",
  hits: sumOf(tallies, "hits"),
  predicted: sumOf(tallies, "predicted"),
  actual: sumOf(tallies, "actual"),
});

function why(kind: Kind, { label }: Tally, average: Average): string {
  if (average === "micro") return EMPTY;
  const name = JSON.stringify(label);
  if (kind === "precision") return `The label ${name} was never predicted, so it has no precision.`;
  if (kind === "recall") return `No item is labelled ${name}, so it has no recall.`;
  return `The label ${name} is neither there nor predicted, so it has no F.`;
}

function sumOf(tallies: readonly Tally[], key: keyof Counts): number {
  return tallies.reduce((sum, tally) => sum + tally[key], 0);
}
