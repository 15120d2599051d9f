import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";

export type ListSearch = { state?: string | undefined };

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/probes",
  validateSearch: ({ state }: ListSearch): ListSearch => ({ state: state || undefined }),
  component: lazyRouteComponent(() => import("./probes-page.tsx"), "ProbesPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/probes/new",
  component: lazyRouteComponent(() => import("./new-probe-page.tsx"), "NewProbePage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/probes/$probeId",
  component: lazyRouteComponent(() => import("./probe-page.tsx"), "ProbePage"),
});

export const probeRoutes = [listRoute, newRoute, oneRoute] as const;
