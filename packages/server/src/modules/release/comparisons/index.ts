export { type BaselineStore, type BaselineTotal, createBaselineStore, type Past } from "./baseline-store.ts";
export { checkMeasures, checkStrategy, checkUnit } from "./check-comparison.ts";
export { type ArmCounts, type Arms, NO_COUNTS } from "./counts.ts";
export { beliefsOf, harmOf } from "./harm.ts";
export { isRate, keyOf, type Measure, withBudget } from "./measure.ts";
export { BASELINE_DAYS, measureBudgets } from "./measure-budgets.ts";
export {
  type Adding,
  armColumns,
  budgetsOf,
  CovariateSums,
  covariateColumns,
  covariateTuple,
  GROUPED,
  meanColumns,
  meanCovariateColumns,
  pairedWith,
  pastColumns,
  rowColumns,
  SINGLE,
  Sums,
  toCounts,
  toCovariateSums,
} from "./metric-columns.ts";
export { HAS_OWN_ANSWER, IS_HARD_FAILURE, LIMITS, metricSql, PLACE } from "./metric-sql.ts";
export { SCORE_SUMS, scoredSpans } from "./score-sql.ts";
