export * from "./limits.ts";
export * from "./rollout-evidence.ts";
export * from "./rollout-plan.ts";
export * from "./rollouts.ts";
export * from "./rollouts-api.ts";
export * from "./shadow-results.ts";
export * from "./shadows.ts";
export * from "./spend.ts";
