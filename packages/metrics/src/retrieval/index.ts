export { evaluateTrecRun, type TrecEvaluation, type TrecMeasures } from "./evaluate-run.ts";
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
export { bpref, rPrecision } from "./judged.ts";
export { type GainKind, type NdcgOptions, ndcg, ndcgOfScores, type ScoredGains } from "./ndcg.ts";
export type { Retrieval } from "./retrieval.ts";
export {
  readTrecQrels,
  readTrecRun,
  type TrecQrels,
  type TrecResult,
  type TrecRun,
  writeTrecQrels,
  writeTrecRun,
} from "./trec-files.ts";
