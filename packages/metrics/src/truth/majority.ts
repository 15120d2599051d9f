import { type ItemTruth, tally, truthOf, type Vote } from "./votes.ts";

/** The most frequent rating of each item. Its confidence is its share. */
export const majorityVote = (votes: readonly Vote[]): ItemTruth[] => weightedVote(votes, new Map());

/**
 * The most frequent rating of each item with weighted votes, for example by accuracy on known items. A rater without a
 * weight has weight 1. A rater with weight 0 is left out. An item has no label if all its votes have weight 0.
 */
export function weightedVote(votes: readonly Vote[], weights: ReadonlyMap<string, number>): ItemTruth[] {
  const { items, raters, labels, votes: placed } = tally(votes);
  const weightOf = raters.map((rater) => {
    const weight = weights.get(rater) ?? 1;
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new RangeError(`The weight of ${rater} is ${weight}: give 0 or more.`);
    return weight;
  });
  const sums = items.map(() => new Float64Array(labels.length));
  const counts = new Uint32Array(items.length);
  for (const { item, rater, label } of placed) {
    const sum = sums[item];
    if (sum) sum[label] = (sum[label] ?? 0) + (weightOf[rater] ?? 1);
    counts[item] = (counts[item] ?? 0) + 1;
  }
  return items.map((item, place) => {
    const sum = sums[place] ?? new Float64Array();
    const total = sum.reduce((all, one) => all + one, 0);
    return truthOf(
      item,
      counts[place] ?? 0,
      labels.map((label, at) => [label, total === 0 ? 0 : (sum[at] ?? 0) / total] as const),
    );
  });
}

/** How often a rater said what turned out to be the truth. */
export type RaterAccuracy = { readonly rater: string; readonly votes: number; readonly right: number };

/**
 * How often each rater agrees with the truth, from known items or from a vote. Items without a label do not count. A
 * rater without such items has 0 votes.
 */
export function raterAccuracy(votes: readonly Vote[], truth: ReadonlyMap<string, string>): RaterAccuracy[] {
  const votesOf = new Map<string, { votes: number; right: number }>();
  for (const { item, rater, label } of votes) {
    const before = votesOf.get(rater) ?? { votes: 0, right: 0 };
    const known = truth.get(item);
    votesOf.set(
      rater,
      known === undefined ? before : { votes: before.votes + 1, right: before.right + Number(known === label) },
    );
  }
  return [...votesOf].map(([rater, counts]) => ({ rater, ...counts }));
}

/**
 * Weights of raters by their agreement with the majority, for items with at least two votes and a clear majority:
 * (right + 1) / (votes + 2). A rater with one vote is therefore neither fully trusted nor excluded.
 */
export function agreementWeights(votes: readonly Vote[]): Map<string, number> {
  const most = majorityVote(votes).filter((truth) => truth.votes > 1);
  const truth = new Map(most.flatMap(({ item, label }) => (label === null ? [] : [[item, label] as const])));
  return new Map(raterAccuracy(votes, truth).map(({ rater, votes: of, right }) => [rater, (right + 1) / (of + 2)]));
}
