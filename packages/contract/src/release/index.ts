export * from "./rollouts.ts";
export * from "./rollouts-api.ts";
