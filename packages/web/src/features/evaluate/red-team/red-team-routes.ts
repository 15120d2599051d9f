import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { RunSearch } from "./shared/run-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/red-team",
  component: lazyRouteComponent(() => import("./red-team-page.tsx"), "RedTeamPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/red-team/new",
  component: lazyRouteComponent(() => import("./new/new-red-team-page.tsx"), "NewRedTeamPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/red-team/$redTeamRunId",
  validateSearch: ({ plugin, strategy, arm }: RunSearch): RunSearch => ({
    plugin: plugin || undefined,
    strategy: strategy || undefined,
    arm: Number(arm) > 0 ? Number(arm) : undefined,
  }),
  component: lazyRouteComponent(() => import("./run/red-team-run-page.tsx"), "RedTeamRunPage"),
});

export const redTeamRoutes = [listRoute, newRoute, oneRoute] as const;
