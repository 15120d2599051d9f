export * from "./connections.ts";
export * from "./endpoints.ts";
export * from "./gateway.ts";
export * from "./models.ts";
export * from "./prompts-api.ts";
export * from "./semantic-cache.ts";
