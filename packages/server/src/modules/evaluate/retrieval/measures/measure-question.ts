import type { ComparedMeasure } from "@treadle/contract";
import { averagePrecisionAtK, hitAtK, ndcg, type Retrieval, recallAtK, reciprocalRank } from "@treadle/metrics";
import type { JudgedRanking } from "./judge-hits.ts";

/** The places of a first page of results. */
const FIRST = 10;
export type QuestionMeasures = Readonly<Record<ComparedMeasure | "unjudged10", number | null>>;

/** The measures of one ranking, by the conventions of trec_eval. All are null if nothing is relevant. */
export function measureQuestion({ retrieved, relevant, found, all, grades }: JudgedRanking): QuestionMeasures {
  const ranking: Retrieval = { retrieved, relevant };
  const first = grades.slice(0, FIRST);
  const unjudged = first.filter((grade) => grade === null).length;
  return {
    ndcg10: ndcg(ranking, { k: FIRST }).value,
    map: averagePrecisionAtK(ranking, { k: Math.max(1, retrieved.length) }).value,
    mrr10: reciprocalRank({ retrieved: retrieved.slice(0, FIRST), relevant }).value,
    hit1: hitAtK(ranking, 1).value,
    recall: recallAtK({ retrieved: found, relevant: all }, Math.max(1, found.length)).value,
    unjudged10: all.size === 0 || first.length === 0 ? null : unjudged / first.length,
  };
}
