export * from "./mlflow.ts";
export * from "./model-conversions.ts";
export * from "./models.ts";
export * from "./registry.ts";
export * from "./registry-api.ts";
export * from "./registry-words.ts";
