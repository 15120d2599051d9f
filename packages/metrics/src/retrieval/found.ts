import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { gainsOf, mustBeCut, NOTHING_RELEVANT, type Retrieval, relevantCount } from "./retrieval.ts";

/** 1 if a relevant document is among the first k, 0 if none is. */
export function hitAtK(retrieval: Retrieval, k: number): Measured {
  return overRelevant({ retrieval, k }, "hit", ({ found }) => (found > 0 ? 1 : 0));
}

/** The share of the relevant documents that is among the first k. */
export function recallAtK(retrieval: Retrieval, k: number): Measured {
  return overRelevant({ retrieval, k }, "recall", ({ found, relevant }) => found / relevant);
}

/** The relevant documents among the first k, by k, also where fewer were retrieved. With nothing relevant it is 0. */
export function precisionAtK(retrieval: Retrieval, k: number): Measured {
  mustBeCut(k);
  return defined(foundAt(retrieval, k) / k, signatureOf(`precision@${k}`));
}

/** 1 / the place of the first relevant document, 0 when none was retrieved. */
export function reciprocalRank(retrieval: Retrieval): Measured {
  const signature = signatureOf("reciprocal_rank");
  const gains = gainsOf(retrieval);
  if (relevantCount(retrieval) === 0) return undefinedBecause(NOTHING_RELEVANT, signature);
  const place = gains.findIndex((gain) => gain > 0);
  return defined(place < 0 ? 0 : 1 / (place + 1), signature);
}

/**
 * The divisor of the precisions at the relevant documents: all relevant documents (as in trec_eval), the maximum that k
 * allows, or the retrieved relevant documents (context precision).
 */
export type PerDocuments = "relevant" | "reachable" | "found";

/** Σ precision at the places of the relevant documents among the first k, by the documents that `per` names. */
export function averagePrecisionAtK(
  retrieval: Retrieval,
  { k, per = "relevant" }: { readonly k: number; readonly per?: PerDocuments },
): Measured {
  mustBeCut(k);
  const signature = signatureOf(`average_precision@${k}`, { per });
  const relevant = relevantCount(retrieval);
  const gains = gainsOf(retrieval).slice(0, k);
  if (relevant === 0) return undefinedBecause(NOTHING_RELEVANT, signature);
  let [found, sum] = [0, 0];
  for (const [place, gain] of gains.entries()) {
    if (gain === 0) continue;
    found += 1;
    sum += found / (place + 1);
  }
  const below = { relevant, reachable: Math.min(relevant, k), found }[per];
  return defined(below === 0 ? 0 : sum / below, signature);
}

/** The mean of values of queries; those left open, as where nothing is relevant, have no part in it. */
export function meanOverQueries(values: readonly Measured[], name: string): Measured {
  const kept = values.flatMap(({ value }) => (value === null ? [] : [value]));
  const signature = signatureOf(name, { over: "queries" });
  if (kept.length === 0) return undefinedBecause("No query has a value.", signature);
  return defined(kept.reduce((sum, value) => sum + value, 0) / kept.length, signature);
}

/** MRR: the mean reciprocal rank over queries, those with nothing relevant left out. */
export function meanReciprocalRank(retrievals: readonly Retrieval[]): Measured {
  return meanOverQueries(retrievals.map(reciprocalRank), "mrr");
}

type Found = { readonly found: number; readonly relevant: number };

function overRelevant(
  { retrieval, k }: { retrieval: Retrieval; k: number },
  name: string,
  value: (found: Found) => number,
): Measured {
  mustBeCut(k);
  const signature = signatureOf(`${name}@${k}`);
  const relevant = relevantCount(retrieval);
  const counts = foundAt(retrieval, k);
  return relevant === 0
    ? undefinedBecause(NOTHING_RELEVANT, signature)
    : defined(value({ found: counts, relevant }), signature);
}

function foundAt(retrieval: Retrieval, k: number): number {
  return gainsOf(retrieval)
    .slice(0, k)
    .filter((gain) => gain > 0).length;
}
