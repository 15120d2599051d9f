export * from "./arms/index.ts";
export { compareCorpus, compareRuns } from "./compare/compare.ts";
export { correctVerdict, type Demand, decideVerdict, type Shown } from "./compare/verdict.ts";
export * from "./intervals/bootstrap.ts";
export { comparisonInterval } from "./intervals/comparison-interval.ts";
export { type BoundsOptions, guaranteedBounds } from "./intervals/guaranteed-bounds.ts";
export { type Estimate, estimateClusteredMean, estimateMean } from "./intervals/mean-interval.ts";
export * from "./intervals/score-interval.ts";
export * from "./plan.ts";
export * from "./power.ts";
export * from "./sequences/index.ts";
export type * from "./shared/comparison.ts";
export { effectiveSize } from "./shared/effective-size.ts";
export {
  type Count,
  clopperPearsonInterval,
  newcombeInterval,
  newcombePairedInterval,
  type PairedCounts,
  wilsonInterval,
  wilsonOfRate,
} from "./shared/proportions.ts";
export * from "./significance/equivalence.ts";
export { fisherExact } from "./significance/fisher.ts";
export * from "./significance/flakiness.ts";
export * from "./significance/mcnemar.ts";
export * from "./significance/multiple.ts";
export * from "./significance/permutation.ts";
export * from "./significance/sample-ratio.ts";
export * from "./significance/wilcoxon.ts";
