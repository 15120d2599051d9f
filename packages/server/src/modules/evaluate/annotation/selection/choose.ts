import type { SelectionReason } from "@treadle/contract";
import { createRandom } from "@treadle/metrics";

/** How much speaks for looking at a span, each from 0 to 1. */
export type Parts = { readonly uncertain: number; readonly disagreement: number; readonly important: number };
export type Weights = Parts & { readonly unlike: number };
export type Candidate = Parts & { readonly vector: readonly number[] | null };

export type Chosen = {
  /** Among the candidates. */
  readonly place: number;
  readonly reason: SelectionReason;
  readonly worth: number;
  readonly unlike: number;
  /** With which chance it came in, of all that match. */
  readonly inclusionProbability: number;
};
type Choosing = {
  readonly size: number;
  readonly randomShare: number;
  readonly weights: Weights;
  readonly seed: number;
  /** The candidates' share of all that match; they were drawn by chance. */
  readonly drawnShare: number;
};

/**
 * The spans to label: the most valuable ones, with a preference for different ones, and random ones from the rest.
 * Valuable spans would always be selected, so they represent only themselves. Each random span represents the number of
 * spans it was drawn from. Weighted by 1 / probability, means over both estimate the means of all matching spans.
 */
export function chooseCandidates(candidates: readonly Candidate[], choosing: Choosing): Chosen[] {
  const { size, randomShare, weights, seed, drawnShare } = choosing;
  const most = Math.min(size, candidates.length);
  const byChance = Math.min(most, Math.ceil(most * randomShare));
  const worthwhile = takeWorthwhile(candidates, most - byChance, weights);
  const isTaken = new Set(worthwhile.map(({ place }) => place));
  const others = shuffled(
    [...candidates.keys()].filter((place) => !isTaken.has(place)),
    seed,
  );
  const chance = others.length === 0 ? 1 : Math.min(1, byChance / others.length);
  return [
    ...worthwhile.map((one) => ({ ...one, inclusionProbability: drawnShare })),
    ...others.slice(0, byChance).map((place) => ({
      place,
      reason: "random" as const,
      unlike: 0,
      inclusionProbability: drawnShare * chance,
      worth: worthOf(candidates[place], weights),
    })),
  ];
}

type Taken = Omit<Chosen, "inclusionProbability">;

function takeWorthwhile(candidates: readonly Candidate[], count: number, weights: Weights): Taken[] {
  const worths = candidates.map((candidate) => worthOf(candidate, weights));
  const nearest = candidates.map(() => 1);
  const left = new Set(candidates.keys());
  const takenItems: Taken[] = [];
  while (takenItems.length < count) {
    let best = { place: -1, sum: -1 };
    for (const place of left) {
      const unlike = candidates[place]?.vector && takenItems.length > 0 ? (nearest[place] ?? 0) : 0;
      const sum = (worths[place] ?? 0) + weights.unlike * unlike;
      if (sum > best.sum) best = { place, sum };
    }
    if (best.place < 0) break;
    left.delete(best.place);
    const own = candidates[best.place];
    const unlike = own?.vector && takenItems.length > 0 ? (nearest[best.place] ?? 0) : 0;
    takenItems.push({
      place: best.place,
      worth: worths[best.place] ?? 0,
      unlike,
      reason: reasonOf(own, weights, unlike),
    });
    for (const place of left) nearest[place] = Math.min(nearest[place] ?? 1, distance(own, candidates[place]));
  }
  return takenItems;
}

/** The weighted mean of the parts, from 0 to 1. */
function worthOf(candidate: Candidate | undefined, { uncertain, disagreement, important }: Weights): number {
  const all = uncertain + disagreement + important;
  if (!candidate || all === 0) return 0;
  const sum = uncertain * candidate.uncertain + disagreement * candidate.disagreement + important * candidate.important;
  return sum / all;
}

/** The main reason for it. */
function reasonOf(candidate: Candidate | undefined, weights: Weights, unlike: number): SelectionReason {
  const parts: [SelectionReason, number][] = [
    ["uncertain", weights.uncertain * (candidate?.uncertain ?? 0)],
    ["disagreement", weights.disagreement * (candidate?.disagreement ?? 0)],
    ["important", weights.important * (candidate?.important ?? 0)],
    ["unlike", weights.unlike * unlike],
  ];
  return parts.reduce((one, other) => (other[1] > one[1] ? other : one))[0];
}

/** Half of 1 − cosine: 0 for texts of the same meaning. Without vectors nothing is unlike anything. */
function distance(one: Candidate | undefined, other: Candidate | undefined): number {
  if (!one?.vector || !other?.vector) return 0;
  let [product, a, b] = [0, 0, 0];
  for (const [place, value] of one.vector.entries()) {
    const twin = other.vector[place] ?? 0;
    product += value * twin;
    a += value * value;
    b += twin * twin;
  }
  return a === 0 || b === 0 ? 0 : (1 - product / Math.sqrt(a * b)) / 2;
}

function shuffled(places: number[], seed: number): number[] {
  const random = createRandom(seed);
  for (let at = places.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [places[at], places[other]] = [places[other] ?? 0, places[at] ?? 0];
  }
  return places;
}
