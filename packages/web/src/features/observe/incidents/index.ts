import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { IncidentSearch, ListSearch } from "./search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/incidents",
  validateSearch: ({ state, severity, source, owner, search }: ListSearch): ListSearch => ({
    state: state || undefined,
    severity: severity || undefined,
    source: source || undefined,
    owner: owner || undefined,
    search: search || undefined,
  }),
  component: lazyRouteComponent(() => import("./incidents-page.tsx"), "IncidentsPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/incidents/$incidentId",
  validateSearch: ({ snapshot }: IncidentSearch): IncidentSearch => ({ snapshot: snapshot || undefined }),
  component: lazyRouteComponent(() => import("./incident-page.tsx"), "IncidentPage"),
});

export const incidentRoutes = [listRoute, oneRoute] as const;
