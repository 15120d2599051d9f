export type { ValueWithInterval } from "./estimate.ts";
export {
  type JudgedScores,
  LEAST_LABELS,
  type PredictionPowered,
  type PredictionPoweredOptions,
  predictionPoweredMean,
} from "./prediction-powered.ts";
export { type CorrectedRate, correctedRate, type JudgeCalibration, type JudgedRate } from "./rogan-gladen.ts";
