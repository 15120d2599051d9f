import { type Label, sameLength, sortedLabels } from "./labels.ts";

/**
 * How often each label was predicted for each true label: `counts[i][j]` items are `labels[i]` and were predicted as
 * `labels[j]`. `missing` pairs had no label on one side and are not counted.
 */
export type Confusion = {
  readonly labels: readonly Label[];
  readonly counts: readonly (readonly number[])[];
  readonly total: number;
  readonly missing: number;
};

/** Two columns of labels of the same items; null is a label that is missing. */
export type LabelPairs = {
  readonly actual: readonly (Label | null)[];
  readonly predicted: readonly (Label | null)[];
};

/**
 * Counts the pairs. The labels are the sorted union of both columns, or those given, in their order: a pair with a
 * label that is not among those given throws.
 */
export function confusionOf(pairs: LabelPairs, given?: readonly Label[]): Confusion {
  sameLength("The actual and the predicted labels", pairs.actual, pairs.predicted);
  const labels = given ?? labelsOf(pairs);
  if (new Set(labels).size !== labels.length) throw new RangeError("A label is given twice.");
  const place = new Map(labels.map((label, at) => [label, at]));
  const counts = labels.map(() => new Array<number>(labels.length).fill(0));
  let missing = 0;
  for (const [at, actual] of pairs.actual.entries()) {
    const predicted = pairs.predicted[at] ?? null;
    if (actual === null || predicted === null) {
      missing += 1;
      continue;
    }
    const row = counts[placeOf(place, actual)];
    const column = placeOf(place, predicted);
    if (row) row[column] = (row[column] ?? 0) + 1;
  }
  return { labels, counts, total: pairs.actual.length - missing, missing };
}

/** One item's part of a confusion, flat, row by row, with a last number that is 1 when a label is missing. */
export function confusionStats(actual: Label | null, predicted: Label | null, labels: readonly Label[]): number[] {
  const one = confusionOf({ actual: [actual], predicted: [predicted] }, labels);
  return [...one.counts.flat(), one.missing];
}

/** The confusion whose items' stats add up to `sum`. */
export function confusionFromStats(sum: readonly number[], labels: readonly Label[]): Confusion {
  const size = labels.length;
  if (sum.length !== size * size + 1) {
    throw new RangeError(`${size} labels have ${size * size + 1} stats, not ${sum.length}.`);
  }
  const counts = labels.map((_, row) => sum.slice(row * size, (row + 1) * size));
  const total = counts.flat().reduce((all, count) => all + count, 0);
  return { labels, counts, total, missing: sum[size * size] ?? 0 };
}

/** What is counted of each label: how often it was right, called, and there. */
export type Tally = {
  readonly label: Label;
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
};

export function talliesOf({ labels, counts }: Confusion): Tally[] {
  return labels.map((label, at) => ({
    label,
    hits: counts[at]?.[at] ?? 0,
    predicted: counts.reduce((sum, row) => sum + (row[at] ?? 0), 0),
    actual: (counts[at] ?? []).reduce((sum, count) => sum + count, 0),
  }));
}

/** The labels of the pairs that count: one whose other side is missing brings no label. */
function labelsOf({ actual, predicted }: LabelPairs): Label[] {
  return sortedLabels(
    actual.flatMap((label, at) => {
      const other = predicted[at] ?? null;
      return label === null || other === null ? [] : [label, other];
    }),
  );
}

function placeOf(places: ReadonlyMap<Label, number>, label: Label): number {
  const place = places.get(label);
  if (place === undefined) throw new RangeError(`The label ${JSON.stringify(label)} is not among those given.`);
  return place;
}
