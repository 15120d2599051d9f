export * from "./bisects.ts";
export * from "./calibration.ts";
export * from "./experiments-api.ts";
export * from "./gates.ts";
export * from "./live-scoring.ts";
export * from "./optimisations.ts";
export * from "./scorers.ts";
export * from "./suite-file.ts";
