export { toEstimate } from "./build-report.ts";
export { makePair, readingOf } from "./make-pair.ts";
export { openCalibration } from "./open.ts";
export type { CalibrationService } from "./service.ts";
