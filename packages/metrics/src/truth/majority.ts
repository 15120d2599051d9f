import { type ItemTruth, tally, truthOf, type Vote } from "./votes.ts";

/** What most raters say of each item; its confidence is their share. */
export const majorityVote = (votes: readonly Vote[]): ItemTruth[] => weightedVote(votes, new Map());

/**
 * What raters say of each item when their votes weigh differently, such as by their accuracy on known items. A rater without a weight
 * has 1, one with 0 is left out; an item whose votes all weigh 0 has no label.
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
 * How often each rater agrees with a truth: that of known items, or of a vote. Items without a label there do not count, so that a
 * rater who judged none of them has 0 votes.
 */
export function raterAccuracy(votes: readonly Vote[], truth: ReadonlyMap<string, string>): RaterAccuracy[] {
  const found = new Map<string, { votes: number; right: number }>();
  for (const { item, rater, label } of votes) {
    const before = found.get(rater) ?? { votes: 0, right: 0 };
    const known = truth.get(item);
    found.set(
      rater,
      known === undefined ? before : { votes: before.votes + 1, right: before.right + Number(known === label) },
    );
  }
  return [...found].map(([rater, counts]) => ({ rater, ...counts }));
}

/**
 * Weights of raters by how often they agree with what most say, of items with two votes or more and a clear majority: (right + 1) / (votes
 * + 2), so that somebody with one vote is neither trusted wholly nor shut out.
 */
export function agreementWeights(votes: readonly Vote[]): Map<string, number> {
  const most = majorityVote(votes).filter((truth) => truth.votes > 1);
  const truth = new Map(most.flatMap(({ item, label }) => (label === null ? [] : [[item, label] as const])));
  return new Map(raterAccuracy(votes, truth).map(({ rater, votes: of, right }) => [rater, (right + 1) / (of + 2)]));
}
