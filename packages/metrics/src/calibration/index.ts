export { excessRiskCoverageArea, type RiskPoint, riskCoverage, riskCoverageArea } from "./abstention.ts";
export {
  adaptiveBins,
  adaptiveCalibrationError,
  type BinOptions,
  type Confidences,
  calibrationErrorFromStats,
  calibrationStats,
  type EdgeRule,
  expectedCalibrationError,
  type ReliabilityBin,
  reliabilityBins,
} from "./reliability.ts";
export {
  atTemperature,
  fitConfidenceTemperature,
  fitTemperature,
  type Logits,
  type TemperatureFit,
} from "./temperature.ts";
