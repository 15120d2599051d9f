export * from "./adaptive-weights.ts";
export * from "./arm.ts";
export { blockEvidence } from "./block-evidence.ts";
export * from "./covariate.ts";
export { type ErrorsAtShare, errorShareEvidence } from "./error-share.ts";
export { mixtureRatio } from "./mixture-ratio.ts";
export * from "./off-policy.ts";
export { RATIO_ALARM, sequentialRatioEValue } from "./sequential-ratio.ts";
export * from "./two-arm-sequence.ts";
