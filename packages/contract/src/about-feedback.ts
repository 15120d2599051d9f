export * from "./feedback.ts";
export * from "./feedback-api.ts";
export * from "./score-configs.ts";
