import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { gainsOf, NOTHING_RELEVANT, type Retrieval, relevantCount } from "./retrieval.ts";

/** R-precision: the share of relevant documents among the first R, where R is the number of relevant documents. */
export function rPrecision(retrieval: Retrieval): Measured {
  const signature = signatureOf("r_precision");
  const relevant = relevantCount(retrieval);
  const gains = gainsOf(retrieval).slice(0, relevant);
  if (relevant === 0) return undefinedBecause(NOTHING_RELEVANT, signature);
  return defined(gains.filter((gain) => gain > 0).length / relevant, signature);
}

/**
 * bpref (Buckley and Voorhees 2004, as trec_eval computes it): 1/R Σ over the retrieved relevant documents of
 * 1 − min(n, R) / min(N, R). n counts the documents above it that are judged not relevant, N all of them. Unjudged
 * documents have no part in it.
 * @param retrieval `relevant` holds every judged document. Gain 0 means judged not relevant.
 */
export function bpref(retrieval: Retrieval): Measured {
  const signature = signatureOf("bpref");
  const relevant = relevantCount(retrieval);
  const judged = new Set(retrieval.relevant.keys());
  const others = judged.size - relevant;
  const gains = gainsOf(retrieval);
  if (relevant === 0) return undefinedBecause(NOTHING_RELEVANT, signature);
  let [above, sum] = [0, 0];
  for (const [place, document] of retrieval.retrieved.entries()) {
    if (!judged.delete(document)) continue;
    if ((gains[place] ?? 0) === 0) above += 1;
    else sum += above === 0 ? 1 : 1 - Math.min(above, relevant) / Math.min(others, relevant);
  }
  return defined(sum / relevant, signature);
}
