export * from "./question-sets.ts";
export * from "./question-sets-api.ts";
export * from "./retrieval-runs.ts";
export * from "./retrieval-runs-api.ts";
