export { guardRoutes } from "./guard-routes.ts";
export { usePolicies } from "./shared/use-guards.ts";
export { withoutGuardFacts } from "./span/read-guard-facts.ts";
export { SpanGuards } from "./span/span-guards.tsx";
