import { sortedLabels } from "../classification/labels.ts";

/** One rater's rating of one item. */
export type Vote = { readonly item: string; readonly rater: string; readonly label: string };

/** What is taken to be true of an item. */
export type ItemTruth = {
  readonly item: string;
  /** null where two labels or more are equally likely. */
  readonly label: string | null;
  /** The share or the probability of the likeliest label, from 0 to 1. */
  readonly confidence: number;
  /** Of every label that has any. */
  readonly shares: Readonly<Record<string, number>>;
  readonly votes: number;
};

/** Votes by place: items and raters in the order in which they come, labels sorted. */
export type Tally = {
  readonly items: readonly string[];
  readonly raters: readonly string[];
  readonly labels: readonly string[];
  readonly votes: readonly { readonly item: number; readonly rater: number; readonly label: number }[];
};

/** Throws where a rater judged one item twice: only the caller knows which of the two counts. */
export function tally(votes: readonly Vote[], otherLabels: Iterable<string> = []): Tally {
  const labels = sortedLabels([...votes.map(({ label }) => label), ...otherLabels]).map(String);
  const [items, raters] = [placesOf(votes.map(({ item }) => item)), placesOf(votes.map(({ rater }) => rater))];
  const labelPlaces = placesOf(labels);
  const seen = new Set<number>();
  const placed = votes.map((vote, place) => {
    const item = items.get(vote.item) ?? 0;
    const rater = raters.get(vote.rater) ?? 0;
    const pair = item * raters.size + rater;
    if (seen.has(pair)) {
      throw new RangeError(
        `votes[${place}]: ${vote.rater} judged ${vote.item} twice. Give only the vote that counts, as a rule the later one.`,
      );
    }
    seen.add(pair);
    return { item, rater, label: labelPlaces.get(vote.label) ?? 0 };
  });
  return { items: [...items.keys()], raters: [...raters.keys()], labels, votes: placed };
}

const placesOf = (names: readonly string[]): Map<string, number> =>
  new Map([...new Set(names)].map((name, place) => [name, place]));

/** Shares this near to each other are alike: they differ by the order of a sum only. */
const ALIKE = 1e-9;

/** The likeliest label of an item, from what each label has; `of` adds up to 1. */
export function truthOf(
  item: string,
  votes: number,
  of: readonly (readonly [label: string, share: number])[],
): ItemTruth {
  const sorted = of.toSorted((one, other) => other[1] - one[1]);
  const [best, next] = sorted;
  const isClear = best !== undefined && best[1] - (next?.[1] ?? 0) > ALIKE;
  return {
    item,
    label: isClear ? best[0] : null,
    confidence: best?.[1] ?? 0,
    shares: Object.fromEntries(of.filter(([, share]) => share > 0)),
    votes,
  };
}
