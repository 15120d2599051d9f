import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { ListSearch, NewSearch } from "./rollout-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/rollouts",
  validateSearch: ({ state, endpoint }: ListSearch): ListSearch => ({
    state: state || undefined,
    endpoint: endpoint || undefined,
  }),
  component: lazyRouteComponent(() => import("./rollouts-page.tsx"), "RolloutsPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/rollouts/new",
  validateSearch: ({ endpoint, draft, candidate }: NewSearch): NewSearch => ({
    endpoint: endpoint || undefined,
    draft: draft || undefined,
    candidate: candidate || undefined,
  }),
  component: lazyRouteComponent(() => import("./new-rollout-page.tsx"), "NewRolloutPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/rollouts/$rolloutId",
  component: lazyRouteComponent(() => import("./rollout-page.tsx"), "RolloutPage"),
});

export { GuardrailsField } from "./guardrails-field.tsx";
export { LimitFields } from "./limit-fields.tsx";
export { MonitorsField } from "./monitors-field.tsx";
export { StagesField } from "./stages-field.tsx";
export type { RolloutBody } from "./use-rollouts.ts";
export const rolloutRoutes = [listRoute, newRoute, oneRoute] as const;
