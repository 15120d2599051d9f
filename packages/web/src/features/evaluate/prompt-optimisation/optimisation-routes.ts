import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import { type ListSearch, type NewSearch, type OptimisationSearch, tabOf } from "./shared/optimisation-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/optimisations",
  validateSearch: ({ search, status }: ListSearch): ListSearch => ({
    search: search?.slice(0, 200) || undefined,
    status: status || undefined,
  }),
  component: lazyRouteComponent(() => import("./optimisations-page.tsx"), "OptimisationsPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/optimisations/new",
  validateSearch: ({ prompt, version }: NewSearch): NewSearch => ({ prompt, version }),
  component: lazyRouteComponent(() => import("./new/new-optimisation.tsx"), "NewOptimisation"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/optimisations/$optimisationId",
  validateSearch: (search: OptimisationSearch): OptimisationSearch => ({
    tab: tabOf(search) === "Result" ? undefined : tabOf(search).toLowerCase(),
    candidate: search.candidate || undefined,
  }),
  component: lazyRouteComponent(() => import("./optimisation/optimisation-page.tsx"), "OptimisationPage"),
});

export const optimisationRoutes = [listRoute, newRoute, oneRoute] as const;
