export { type AnswerDiscrepancy, type AnswerPair, answerDiscrepancy } from "./answer-discrepancy.ts";
export { aucInterval, aucStandardError, type MeasuredArea } from "./auc-interval.ts";
export { badShareAt, burnRate, fewestBad, isShareAbove } from "./burn-rate.ts";
export { type DetectorForm, nextEvidence, rateFactor } from "./change-detector.ts";
export { type AnswerCounts, countFactor } from "./count-factor.ts";
export { type DistinctiveWord, distinctiveWords, type WordCounts } from "./distinctive-words.ts";
export { anscombe, type Baseline, robustBaseline, robustScore, shrinkBaseline } from "./robust-baseline.ts";
