import { digamma } from "../distributions/index.ts";
import { type ItemTruth, type Tally, tally, truthOf, type Vote } from "./votes.ts";

export type MaceOptions = {
  /** Items whose truth is known: they are not estimated, and tell who answers in earnest. */
  readonly known?: ReadonlyMap<string, string>;
  /** At most so many rounds, 100 when left out. */
  readonly rounds?: number;
  /** Stops when no probability moves by more; 1e-6 when left out. */
  readonly tolerance?: number;
};

/** How a rater answers: in earnest with probability `competence`, otherwise without looking, with the labels of `strategy`. */
export type RaterCompetence = {
  readonly rater: string;
  readonly votes: number;
  /** The share of this rater's votes that are right, as likely as each is. */
  readonly accuracy: number;
  readonly competence: number;
  /** The probability of each label from a rater who answers at random. */
  readonly strategy: Readonly<Record<string, number>>;
};

export type Mace = {
  readonly items: readonly ItemTruth[];
  readonly raters: readonly RaterCompetence[];
  readonly rounds: number;
};

/** The paper's priors: Beta(½, ½) over competence, which is mostly whole or none, and Dirichlet(10) over strategies. */
const COMPETENCE_PRIOR = 0.5;
const STRATEGY_PRIOR = 10;

type State = {
  /** One row for each item, one place for each label. */
  readonly truths: Float64Array;
  /** For each vote, how likely it was given in earnest. */
  readonly earnest: Float64Array;
};
/** Sums over a rater's votes: in earnest, not in earnest, and of these by label. */
type Counts = { readonly earnest: Float64Array; readonly spam: Float64Array; readonly labels: Float64Array };

/**
 * The most likely truth of items from the votes of raters, some of whom answer without looking (MACE; Hovy,
 * Berg-Kirkpatrick, Vaswani and Hovy 2013). With the rater's competence as probability, a vote is the truth. Otherwise
 * it is a draw from the rater's own distribution. Uses variational Bayes with the paper's priors. It starts from the
 * shares of the votes, not at random, so the same votes give the same result. All labels are equally likely beforehand.
 * An item's confidence is the probability of its label.
 */
export function mace(votes: readonly Vote[], options: MaceOptions = {}): Mace {
  const { known = new Map<string, string>(), rounds: most = 100, tolerance = 1e-6 } = options;
  if (!Number.isInteger(most) || most < 1) throw new RangeError(`rounds is ${most}: give a whole number from 1.`);
  const table = tally(votes, known.values());
  const fixed = table.items.map((item) => table.labels.indexOf(known.get(item) ?? ""));
  let state = startOf(table, fixed);
  let rounds = 0;
  while (rounds < most) {
    const next = judge(table, { counts: countsOf(table, state), fixed });
    const moved = next.truths.reduce((far, one, at) => Math.max(far, Math.abs(one - (state.truths[at] ?? 0))), 0);
    state = next;
    rounds += 1;
    if (moved < tolerance) break;
  }
  return { ...present(table, state), rounds };
}

function startOf({ items, labels, votes }: Tally, fixed: readonly number[]): State {
  const width = labels.length;
  const truths = new Float64Array(items.length * width);
  for (const { item, label } of votes) truths[item * width + label] = (truths[item * width + label] ?? 0) + 1;
  normaliseRows(truths, fixed, width);
  // Competence and strategies even.
  const earnest = Float64Array.from(votes, ({ item, label }) => (truths[item * width + label] ?? 0) / (1 + 1 / width));
  return { truths, earnest };
}

function countsOf({ raters, labels, votes }: Tally, state: State): Counts {
  const width = labels.length;
  const counts = {
    earnest: new Float64Array(raters.length),
    spam: new Float64Array(raters.length),
    labels: new Float64Array(raters.length * width),
  };
  for (const [place, { rater, label }] of votes.entries()) {
    const share = state.earnest[place] ?? 0;
    counts.earnest[rater] = (counts.earnest[rater] ?? 0) + share;
    counts.spam[rater] = (counts.spam[rater] ?? 0) + 1 - share;
    counts.labels[rater * width + label] = (counts.labels[rater * width + label] ?? 0) + 1 - share;
  }
  return counts;
}

function judge(table: Tally, { counts, fixed }: { counts: Counts; fixed: readonly number[] }): State {
  const { items, raters, labels, votes } = table;
  const width = labels.length;
  const expect = (count: number, of: number) => Math.exp(digamma(count) - digamma(of));
  const chances = raters.map((_, rater) => {
    const [good, bad] = [counts.earnest[rater] ?? 0, counts.spam[rater] ?? 0];
    const all = good + bad + 2 * COMPETENCE_PRIOR;
    return { good: expect(good + COMPETENCE_PRIOR, all), bad: expect(bad + COMPETENCE_PRIOR, all), spam: bad };
  });
  const habit = (rater: number, label: number) =>
    expect(
      (counts.labels[rater * width + label] ?? 0) + STRATEGY_PRIOR,
      (chances[rater]?.spam ?? 0) + width * STRATEGY_PRIOR,
    );
  // What a vote is worth: how likely it is in earnest where it is true, and without looking.
  const worth = votes.map(({ rater, label }) => {
    const { good = 0, bad = 0 } = chances[rater] ?? {};
    return { good, bad: bad * habit(rater, label) };
  });
  const truths = new Float64Array(items.length * width);
  for (const [place, { item, label }] of votes.entries()) {
    const { good = 0, bad = 1 } = worth[place] ?? {};
    const at = item * width + label;
    // Log odds against a label that no rater gave.
    truths[at] = (truths[at] ?? 0) + Math.log1p(good / bad);
  }
  exponentiateRows(truths, width);
  normaliseRows(truths, fixed, width);
  const earnest = Float64Array.from(votes, ({ item, label }, place) => {
    const { good = 0, bad = 1 } = worth[place] ?? {};
    return ((truths[item * width + label] ?? 0) * good) / (good + bad);
  });
  return { truths, earnest };
}

function exponentiateRows(rows: Float64Array, width: number): void {
  for (let from = 0; from < rows.length; from += width) {
    const row = rows.subarray(from, from + width);
    const top = row.reduce((one, other) => Math.max(one, other), 0);
    row.forEach((value, place) => {
      row[place] = Math.exp(value - top);
    });
  }
}

/** Rows that add up to 1. Rows of known items are certain. */
function normaliseRows(rows: Float64Array, fixed: readonly number[], width: number): void {
  for (const [item, sure] of fixed.entries()) {
    const row = rows.subarray(item * width, (item + 1) * width);
    const total = row.reduce((sum, value) => sum + value, 0);
    row.forEach((value, place) => {
      row[place] = sure >= 0 ? Number(place === sure) : value / total;
    });
  }
}

function present(table: Tally, state: State): Pick<Mace, "items" | "raters"> {
  const { items, raters, labels, votes } = table;
  const width = labels.length;
  const counts = countsOf(table, state);
  const ofItem = Map.groupBy(votes, ({ item }) => item);
  const ofRater = Map.groupBy(votes, ({ rater }) => rater);
  return {
    items: items.map((item, place) =>
      truthOf(
        item,
        ofItem.get(place)?.length ?? 0,
        labels.map((label, at) => [label, state.truths[place * width + at] ?? 0] as const),
      ),
    ),
    raters: raters.map((rater, place) => {
      const own = ofRater.get(place) ?? [];
      const right = own.reduce((sum, { item, label }) => sum + (state.truths[item * width + label] ?? 0), 0);
      const spam = (counts.spam[place] ?? 0) + width * STRATEGY_PRIOR;
      const strategy = labels.map((label, at) => {
        const weight = (counts.labels[place * width + at] ?? 0) + STRATEGY_PRIOR;
        return [label, weight / spam] as const;
      });
      const competence = ((counts.earnest[place] ?? 0) + COMPETENCE_PRIOR) / (own.length + 2 * COMPETENCE_PRIOR);
      return {
        rater,
        votes: own.length,
        accuracy: right / own.length,
        competence,
        strategy: Object.fromEntries(strategy),
      };
    }),
  };
}
