import type { Measured } from "../measured.ts";
import { averagePrecisionAtK, meanOverQueries, precisionAtK, recallAtK, reciprocalRank } from "./found.ts";
import { bpref, rPrecision } from "./judged.ts";
import { ndcg } from "./ndcg.ts";
import { sortResults, type TrecQrels, type TrecRun } from "./trec-files.ts";

/** Values by trec_eval's names: map, ndcg, recip_rank, Rprec, bpref, and for each cut ndcg_cut_k, P_k and recall_k. */
export type TrecMeasures = Readonly<Record<string, Measured>>;

export type TrecEvaluation = {
  readonly queries: ReadonlyMap<string, TrecMeasures>;
  /** Means over the evaluated queries; queries with nothing relevant are left out. */
  readonly means: TrecMeasures;
  /** Queries with judgements that the run does not have. trec_eval counts them as 0 with its option -c only. */
  readonly missing: readonly string[];
};

/**
 * Evaluates a run by qrels as trec_eval does: sorted by score descending, ties by document id descending; unjudged documents
 * are not relevant; nDCG has linear gain. With nothing relevant, trec_eval reports 0 and this function reports undefined
 * values, but for precision.
 * @param cuts the k of nDCG, precision and recall at k.
 */
export function evaluateTrecRun(
  run: TrecRun,
  qrels: TrecQrels,
  { cuts }: { readonly cuts: readonly number[] },
): TrecEvaluation {
  const queries = new Map<string, TrecMeasures>();
  for (const [query, results] of run) {
    const judgements = qrels.get(query);
    if (!judgements) continue;
    const sorted = sortResults(new Map(results.map(({ document, score }) => [document, score])));
    const retrieved = sorted.map(({ document }) => document);
    const relevant = new Map(Array.from(judgements).filter(([, relevance]) => relevance >= 0));
    queries.set(query, measure({ retrieved, relevant }, cuts));
  }
  return {
    queries,
    means: meansOf([...queries.values()], cuts),
    missing: Array.from(qrels.keys()).filter((query) => !run.has(query)),
  };
}

type Judged = { readonly retrieved: readonly string[]; readonly relevant: ReadonlyMap<string, number> };

function measure(one: Judged, cuts: readonly number[]): TrecMeasures {
  const atCuts = cuts.flatMap((k) => [
    [`ndcg_cut_${k}`, ndcg(one, { k })],
    [`P_${k}`, precisionAtK(one, k)],
    [`recall_${k}`, recallAtK(one, k)],
  ]);
  return {
    map: averagePrecisionAtK(one, { k: Math.max(1, one.retrieved.length) }),
    ndcg: ndcg(one),
    recip_rank: reciprocalRank(one),
    Rprec: rPrecision(one),
    bpref: bpref(one),
    ...Object.fromEntries(atCuts),
  };
}

/** The precision of a query with nothing relevant is 0, and left out of the means as the other measures are. */
function meansOf(queries: readonly TrecMeasures[], cuts: readonly number[]): TrecMeasures {
  const answerable = queries.filter(({ map }) => map?.value !== null);
  const names = Object.keys(measure({ retrieved: [], relevant: new Map() }, cuts));
  return Object.fromEntries(
    names.map((name) => [
      name,
      meanOverQueries(
        answerable.flatMap((measures) => measures[name] ?? []),
        name,
      ),
    ]),
  );
}
