import {
  agreementWeights,
  dawidSkene,
  type ItemTruth,
  mace,
  majorityVote,
  raterAccuracy,
  type Vote,
  weightedVote,
} from "@treadle/metrics";

/** Human labels of items, and the known labels. */
export type TruthOrder = {
  readonly votes: readonly Vote[];
  readonly known: ReadonlyMap<string, string>;
  readonly method: "majority" | "weighted" | "dawid-skene" | "mace";
};
export type TruthAnswer = {
  readonly items: readonly ItemTruth[];
  readonly raters: readonly {
    readonly rater: string;
    readonly votes: number;
    readonly accuracy: number | null;
    readonly weight: number | null;
  }[];
};

/** With fewer known items, the accuracy of a person is unknown. */
const LEAST_KNOWN = 5;
/**
 * Every rater is assumed to have been right once for each label, so a rater with three answers does not appear perfect.
 */
const TRUST = 1;

/** The truth of items by one of the methods. What is known is not estimated. */
export function findTruth({ votes, known, method }: TruthOrder): TruthAnswer {
  if (method === "dawid-skene") {
    const { items, raters } = dawidSkene(votes, { known, trust: TRUST });
    return { items, raters: raters.map(({ confusion: _, ...rater }) => ({ ...rater, weight: null })) };
  }
  if (method === "mace") {
    const { items, raters } = mace(votes, { known });
    return {
      items,
      raters: raters.map(({ strategy: _, competence, ...rater }) => ({ ...rater, weight: competence })),
    };
  }
  const weights = method === "weighted" ? weightsOf(votes, known) : new Map<string, number>();
  const truths = method === "weighted" ? weightedVote(votes, weights) : majorityVote(votes);
  const items = truths.map((item) => withKnown(item, known));
  const truth = new Map(items.flatMap(({ item, label }) => (label === null ? [] : [[item, label] as const])));
  const given = Map.groupBy(votes, ({ rater }) => rater);
  return {
    items,
    raters: raterAccuracy(votes, truth).map(({ rater, votes: judged, right }) => ({
      rater,
      votes: given.get(rater)?.length ?? 0,
      accuracy: judged === 0 ? null : right / judged,
      weight: weights.get(rater) ?? null,
    })),
  };
}

/** By known items if a person judged enough of them, otherwise by agreement with the majority. */
function weightsOf(votes: readonly Vote[], known: ReadonlyMap<string, string>): Map<string, number> {
  const byKnown = raterAccuracy(votes, known).filter((rater) => rater.votes >= LEAST_KNOWN);
  return new Map([
    ...agreementWeights(votes),
    ...byKnown.map(({ rater, votes: judged, right }) => [rater, (right + 1) / (judged + 2)] as const),
  ]);
}

function withKnown(item: ItemTruth, known: ReadonlyMap<string, string>): ItemTruth {
  const label = known.get(item.item);
  return label === undefined ? item : { ...item, label, confidence: 1, shares: { [label]: 1 } };
}
