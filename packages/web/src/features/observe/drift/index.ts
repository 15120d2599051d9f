import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { DriftSearch } from "./drift-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/drift",
  component: lazyRouteComponent(() => import("./drift-page.tsx"), "DriftPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/drift/$driftWatchId",
  validateSearch: ({ day }: DriftSearch): DriftSearch => ({
    day: typeof day === "string" && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : undefined,
  }),
  component: lazyRouteComponent(() => import("./drift-watch-page.tsx"), "DriftWatchPage"),
});

export const driftRoutes = [listRoute, oneRoute] as const;
