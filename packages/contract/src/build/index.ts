export * from "./components.ts";
export * from "./connections.ts";
export * from "./endpoints.ts";
export * from "./gateway.ts";
export * from "./guard-detectors.ts";
export * from "./guard-detectors-api.ts";
export {
  GuardAction,
  GuardNotScanned,
  GuardPolicy,
  GuardPolicyVersion,
  GuardRule,
  GuardScope,
  GuardTrust,
} from "./guard-policies.ts";
export * from "./guard-previews.ts";
export * from "./guards.ts";
export * from "./models.ts";
export * from "./moderations.ts";
export * from "./prompts-api.ts";
export {
  Failover,
  FailureClass,
  Fallback,
  FallbackInput,
  RoutingRule,
  RoutingStrategy,
  RuleCondition,
} from "./routing.ts";
export * from "./semantic-cache.ts";
