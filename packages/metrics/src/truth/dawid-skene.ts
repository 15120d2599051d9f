import { type ItemTruth, type Tally, tally, truthOf, type Vote } from "./votes.ts";

export type DawidSkeneOptions = {
  /** Items whose truth is known: they are not estimated, and tell how good the raters are. */
  readonly known?: ReadonlyMap<string, string>;
  /**
   * The number of right answers that every rater is assumed to have given for each label beforehand. Half as many wrong
   * answers are shared by the other labels. With 0, as in the paper, a rater with three votes can appear perfect.
   */
  readonly trust?: number;
  /** At most so many rounds, 100 when left out. */
  readonly rounds?: number;
  /** Stops when no probability moves by more; 1e-6 when left out, 0 for all rounds. */
  readonly tolerance?: number;
};

/** How a rater judges: `confusion[truth][said]` is the probability of saying one label where another is true. */
export type RaterSkill = {
  readonly rater: string;
  readonly votes: number;
  /** The share of this rater's votes that are right, as likely as each is. */
  readonly accuracy: number;
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

export type DawidSkene = {
  readonly items: readonly ItemTruth[];
  readonly raters: readonly RaterSkill[];
  /** How often each label is true. */
  readonly priors: Readonly<Record<string, number>>;
  readonly rounds: number;
};

const LEAST = 1e-10;

/**
 * The most likely truth of items from the votes of raters with individual errors, by Dawid and Skene's method (1979).
 * It alternates expectation and maximization, starting from the shares of the votes. An item's confidence is the
 * probability of its label.
 */
export function dawidSkene(votes: readonly Vote[], options: DawidSkeneOptions = {}): DawidSkene {
  const { known = new Map<string, string>(), trust = 0, rounds: most = 100, tolerance = 1e-6 } = options;
  if (!(trust >= 0 && Number.isFinite(trust))) throw new RangeError(`trust is ${trust}: give 0 or more.`);
  if (!Number.isInteger(most) || most < 1) throw new RangeError(`rounds is ${most}: give a whole number from 1.`);
  const table = tally(votes, known.values());
  const fixed = fixedOf(table, known);
  let truths = shareOfVotes(table, fixed);
  let priors = meanOf(table, truths);
  let errors = errorsOf(table, { truths, trust });
  let rounds = 0;
  while (rounds < most) {
    const next = judge(table, { priors, errors, fixed });
    const moved = furthest(truths, next);
    truths = next;
    priors = meanOf(table, truths);
    errors = errorsOf(table, { truths, trust });
    rounds += 1;
    if (moved < tolerance) break;
  }
  return { ...present(table, { truths, priors, errors }), rounds };
}

/** The place of each item's known label, −1 where it is not known. */
const fixedOf = ({ items, labels }: Tally, known: ReadonlyMap<string, string>): Int32Array =>
  Int32Array.from(items, (item) => {
    const label = known.get(item);
    return label === undefined ? -1 : labels.indexOf(label);
  });

/** One row for each item, one place for each label. */
function shareOfVotes({ items, labels, votes }: Tally, fixed: Int32Array): Float64Array {
  const width = labels.length;
  const shares = new Float64Array(items.length * width);
  for (const { item, label } of votes) shares[item * width + label] = (shares[item * width + label] ?? 0) + 1;
  return normalised(shares, { width, fixed });
}

/** Rows that add up to 1. Rows of known items are certain. */
function normalised(rows: Float64Array, { width, fixed }: { width: number; fixed: Int32Array }): Float64Array {
  for (let row = 0; row < fixed.length; row += 1) {
    const each = rows.subarray(row * width, (row + 1) * width);
    const sure = fixed[row] ?? -1;
    if (sure >= 0) {
      each.fill(0);
      each[sure] = 1;
      continue;
    }
    let total = 0;
    for (const value of each) total += value;
    for (let place = 0; place < width; place += 1) each[place] = (each[place] ?? 0) / total;
  }
  return rows;
}

function meanOf({ items, labels }: Tally, truths: Float64Array): Float64Array {
  const width = labels.length;
  const means = new Float64Array(width);
  for (let place = 0; place < truths.length; place += 1)
    means[place % width] = (means[place % width] ?? 0) + (truths[place] ?? 0) / items.length;
  return means;
}

/** The table of each rater, one row for each label said and one place for each label that is true; places of a truth add up to 1. */
function errorsOf(table: Tally, { truths, trust }: { truths: Float64Array; trust: number }): Float64Array {
  const width = table.labels.length;
  const counts = startOf(table, trust);
  for (const { item, rater, label } of table.votes)
    for (let truth = 0; truth < width; truth += 1) {
      const place = (rater * width + label) * width + truth;
      counts[place] = (counts[place] ?? 0) + (truths[item * width + truth] ?? 0);
    }
  // A label that was given once always has a probability above 0.
  for (const { rater, label } of table.votes)
    for (let truth = 0; truth < width; truth += 1) {
      const place = (rater * width + label) * width + truth;
      counts[place] = Math.max(counts[place] ?? 0, LEAST);
    }
  for (let rater = 0; rater < table.raters.length; rater += 1)
    for (let truth = 0; truth < width; truth += 1) {
      const places = Array.from({ length: width }, (_, said) => (rater * width + said) * width + truth);
      const total = places.reduce((sum, place) => sum + (counts[place] ?? 0), 0);
      for (const place of places) counts[place] = (counts[place] ?? 0) / total;
    }
  return counts;
}

/** What raters are taken to have said before anything is known of them. */
function startOf({ raters, labels }: Tally, trust: number): Float64Array {
  const width = labels.length;
  const wrong = width > 1 ? trust / 2 / (width - 1) : 0;
  return Float64Array.from({ length: raters.length * width * width }, (_, place) =>
    Math.floor(place / width) % width === place % width ? trust : wrong,
  );
}

type State = { readonly priors: Float64Array; readonly errors: Float64Array; readonly fixed: Int32Array };

/** How likely each label is of each item, in logarithms, so that many votes do not run out of digits. */
function judge({ items, labels, votes }: Tally, { priors, errors, fixed }: State): Float64Array {
  const width = labels.length;
  const logPriors = priors.map((prior) => Math.log(Math.max(prior, LEAST)));
  const logErrors = errors.map(Math.log);
  const likely = Float64Array.from({ length: items.length * width }, (_, place) => logPriors[place % width] ?? 0);
  for (const { item, rater, label } of votes)
    for (let truth = 0; truth < width; truth += 1) {
      const place = item * width + truth;
      likely[place] = (likely[place] ?? 0) + (logErrors[(rater * width + label) * width + truth] ?? 0);
    }
  for (let item = 0; item < items.length; item += 1) {
    const each = likely.subarray(item * width, (item + 1) * width);
    const top = each.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
    for (let place = 0; place < width; place += 1) each[place] = Math.exp((each[place] ?? 0) - top);
  }
  return normalised(likely, { width, fixed });
}

function furthest(before: Float64Array, after: Float64Array): number {
  let most = 0;
  for (let place = 0; place < before.length; place += 1)
    most = Math.max(most, Math.abs((before[place] ?? 0) - (after[place] ?? 0)));
  return most;
}

type Found = { readonly truths: Float64Array; readonly priors: Float64Array; readonly errors: Float64Array };

function present({ items, raters, labels, votes }: Tally, { truths, priors, errors }: Found) {
  const width = labels.length;
  const [ofItem, ofRater, right] = [items, raters, raters].map(({ length }) => new Float64Array(length));
  const add = (to: Float64Array | undefined, place: number, by: number) =>
    to?.fill((to[place] ?? 0) + by, place, place + 1);
  for (const { item, rater, label } of votes) {
    add(ofItem, item, 1);
    add(ofRater, rater, 1);
    add(right, rater, truths[item * width + label] ?? 0);
  }
  const byLabel = <Value>(make: (label: number) => Value) =>
    Object.fromEntries(labels.map((label, place) => [label, make(place)]));
  return {
    items: items.map((item, place) =>
      truthOf(
        item,
        ofItem?.[place] ?? 0,
        labels.map((label, at) => [label, truths[place * width + at] ?? 0] as const),
      ),
    ),
    raters: raters.map((rater, place) => ({
      rater,
      votes: ofRater?.[place] ?? 0,
      accuracy: (right?.[place] ?? 0) / (ofRater?.[place] ?? 1),
      confusion: byLabel((truth) => byLabel((said) => errors[(place * width + said) * width + truth] ?? 0)),
    })),
    priors: byLabel((label) => priors[label] ?? 0),
  };
}
