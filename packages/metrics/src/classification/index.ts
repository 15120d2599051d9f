export {
  type Confusion,
  confusionFromStats,
  confusionOf,
  confusionStats,
  type LabelPairs,
} from "./confusion.ts";
export type { Label } from "./labels.ts";
export { type BinaryForecast, brierScore, type ClassForecast, logLoss } from "./probabilities.ts";
export { averagePrecision, type Cut, cutsOf, rocAuc, rocAucOneVersusRest, type ScoredTruth } from "./ranking.ts";
export {
  type Average,
  type AverageOptions,
  accuracy,
  balancedAccuracy,
  fScore,
  type LabelScores,
  labelScores,
  matthews,
  precision,
  recall,
  type ZeroDivision,
} from "./scores.ts";
