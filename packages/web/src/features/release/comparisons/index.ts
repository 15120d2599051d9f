export { MarginField, MetricFields, MetricSelect } from "./metric-fields.tsx";
export {
  type DraftMeasure,
  formatHarm,
  formatValue,
  METRIC_WORDS,
  type Metric,
  metricKey,
  metricWords,
  UNIT_WORDS,
  withMetric,
} from "./metric-words.ts";
