export { MarginField, MetricFields, MetricSelect } from "./metric-fields.tsx";
export {
  type DraftMeasure,
  formatHarm,
  formatValue,
  metricWords,
  UNIT_WORDS,
  withMetric,
} from "./metric-words.ts";
