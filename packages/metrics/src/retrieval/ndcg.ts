import { sameLength } from "../classification/labels.ts";
import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { gainsOf, mustBeCut, NOTHING_RELEVANT, type Retrieval } from "./retrieval.ts";

/** What a document of gain g brings: g, or 2^g − 1. */
export type GainKind = "linear" | "exponential";

export type NdcgOptions = {
  /** Only the first k count; all of them without it. */
  readonly k?: number;
  readonly gain?: GainKind;
};

/** Σ gain / log₂(place + 1), divided by the same sum for the best order of the relevant documents. From 0 to 1. */
export function ndcg(retrieval: Retrieval, options: NdcgOptions = {}): Measured {
  const { brings, signature, k } = read(options);
  const gains = gainsOf(retrieval).map(brings);
  const ideal = idealOf(Array.from(retrieval.relevant.values(), brings), k);
  if (ideal === 0) return undefinedBecause(NOTHING_RELEVANT, signature);
  return defined(discounted(gains.slice(0, k)) / ideal, signature);
}

/** Documents with their gains and the scores that rank them, highest first. */
export type ScoredGains = { readonly gains: readonly number[]; readonly scores: readonly number[] };

/**
 * nDCG of documents that scores rank, as scikit-learn has it: documents of one score share the mean of what their
 * places bring, as if every order of them were tried.
 */
export function ndcgOfScores({ gains, scores }: ScoredGains, options: NdcgOptions = {}): Measured {
  const { brings, signature: plain, k } = read(options);
  const signature = `${plain}|ties:mean`;
  sameLength("The gains and the scores", gains, scores);
  if (gains.some((gain) => !(gain >= 0))) throw new RangeError("A gain is not 0 or more.");
  if (scores.some(Number.isNaN)) throw new RangeError("A score is NaN.");
  const brought = gains.map(brings);
  const ideal = idealOf(brought, k);
  if (ideal === 0) return undefinedBecause(NOTHING_RELEVANT, signature);
  const order = Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const shared: number[] = [];
  for (let start = 0; start < order.length; start = shared.length) {
    const level = scores[order[start] ?? 0];
    const rest = order.slice(start);
    const other = rest.findIndex((at) => scores[at] !== level);
    const tied = other < 0 ? rest : rest.slice(0, other);
    const mean = tied.reduce((sum, at) => sum + (brought[at] ?? 0), 0) / tied.length;
    for (const _ of tied) shared.push(mean);
  }
  return defined(discounted(shared.slice(0, k)) / ideal, signature);
}

function read({ k, gain = "linear" }: NdcgOptions) {
  if (k !== undefined) mustBeCut(k);
  const brings = (value: number) => (gain === "linear" ? value : 2 ** value - 1);
  return { brings, k, signature: signatureOf(k === undefined ? "ndcg" : `ndcg@${k}`, { gain }) };
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0);
}

function idealOf(gains: readonly number[], k: number | undefined): number {
  return discounted([...gains].sort((a, b) => b - a).slice(0, k));
}
