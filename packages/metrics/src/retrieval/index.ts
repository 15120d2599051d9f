export {
  averagePrecisionAtK,
  hitAtK,
  meanOverQueries,
  meanReciprocalRank,
  type PerDocuments,
  precisionAtK,
  recallAtK,
  reciprocalRank,
} from "./found.ts";
export { type GainKind, type NdcgOptions, ndcg, ndcgOfScores, type ScoredGains } from "./ndcg.ts";
export type { Retrieval } from "./retrieval.ts";
