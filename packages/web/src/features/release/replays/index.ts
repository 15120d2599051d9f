import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { ListSearch, NewSearch } from "./replay-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/replays",
  validateSearch: ({ endpoint }: ListSearch): ListSearch => ({ endpoint: endpoint || undefined }),
  component: lazyRouteComponent(() => import("./replays-page.tsx"), "ReplaysPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/replays/new",
  validateSearch: ({ filter, from, to, endpoint, dataset, version }: NewSearch): NewSearch => ({
    filter: filter || undefined,
    from: from || undefined,
    to: to || undefined,
    endpoint: endpoint || undefined,
    dataset: dataset || undefined,
    version: version ? String(version) : undefined,
  }),
  component: lazyRouteComponent(() => import("./new-replay-page.tsx"), "NewReplayPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/replays/$replayId",
  component: lazyRouteComponent(() => import("./replay-page.tsx"), "ReplayPage"),
});

export const replayRoutes = [listRoute, newRoute, oneRoute] as const;
