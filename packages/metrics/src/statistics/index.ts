export {
  type BootstrapOptions,
  type Bootstrapped,
  bootstrapInterval,
  bootstrapMean,
  bootstrapScore,
  bootstrapScoreDifference,
  type Score,
} from "./bootstrap.ts";
export { compareCorpus, compareRuns } from "./compare.ts";
export type {
  Comparison,
  ComparisonOptions,
  ComparisonTest,
  CorporaToCompare,
  Interval,
  RunsToCompare,
  Verdict,
} from "./comparison.ts";
export { equivalence, type MeasuredDifference, nonInferiority } from "./equivalence.ts";
export { type Flakiness, fisherExact, judgeRateChange, type RateChange, readFlakiness } from "./flakiness.ts";
export { type Discordant, mcnemarCorrected, mcnemarExact } from "./mcnemar.ts";
export { type Estimate, estimateClusteredMean, estimateMean } from "./mean-interval.ts";
export { benjaminiHochberg, holm } from "./multiple.ts";
export { type SignFlip, signFlipTest } from "./permutation.ts";
export { type NoiseParts, type Plan, planItems, splitNoise } from "./plan.ts";
export {
  type PairedMeans,
  type PairedRates,
  pairedMeanDetectable,
  pairedMeanItems,
  pairedMeanPower,
  pairedRateDetectable,
  pairedRateItems,
  pairedRatePower,
} from "./power.ts";
export {
  type Count,
  clopperPearsonInterval,
  newcombeInterval,
  newcombePairedInterval,
  type PairedCounts,
  wilsonInterval,
} from "./proportions.ts";
export { sampleRatioMismatch } from "./sample-ratio.ts";
export * from "./sequences/index.ts";
export { type Demand, decideVerdict, type Shown } from "./verdict.ts";
export { hodgesLehmann, type Wilcoxon, wilcoxonTest } from "./wilcoxon.ts";
