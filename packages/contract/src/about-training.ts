export * from "./fine-tuning.ts";
export * from "./lineage.ts";
export * from "./model-evaluations.ts";
export * from "./sweeps.ts";
export * from "./training-api.ts";
export * from "./training-config.ts";
export * from "./training-events.ts";
export * from "./training-runs.ts";
