import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { SloSearch } from "./slo-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/slos",
  validateSearch: ({ q, endpoint }: SloSearch): SloSearch => ({
    q: q?.slice(0, 200) || undefined,
    endpoint: endpoint?.slice(0, 200) || undefined,
  }),
  component: lazyRouteComponent(() => import("./slos-page.tsx"), "SlosPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/slos/$sloId",
  component: lazyRouteComponent(() => import("./slo-page.tsx"), "SloPage"),
});

export const sloRoutes = [listRoute, oneRoute] as const;
