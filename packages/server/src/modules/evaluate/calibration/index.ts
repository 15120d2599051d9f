export { fewPairsWarnings, toEstimate } from "./build-report.ts";
export { makePair, readingOf } from "./make-pair.ts";
export { canReadAt, countAt } from "./newest-for-score.ts";
export { openCalibration } from "./open.ts";
export type { CalibrationService } from "./service.ts";
