import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../shell/index.ts";
import type { CompareSearch, ListSearch, NewSearch, RunSearch } from "./training-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/training",
  validateSearch: ({ search, status, picked }: ListSearch): ListSearch => ({
    search: search || undefined,
    status: status || undefined,
    picked: picked || undefined,
  }),
  component: lazyRouteComponent(() => import("./training-page.tsx"), "TrainingPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/training/new",
  validateSearch: ({ dataset, base, from }: NewSearch): NewSearch => ({ dataset, base, from }),
  component: lazyRouteComponent(() => import("./new-run-page.tsx"), "NewRunPage"),
});

const compareRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/training/compare",
  validateSearch: ({ runs }: CompareSearch): CompareSearch => ({ runs: runs || undefined }),
  component: lazyRouteComponent(() => import("./compare-page.tsx"), "CompareRunsPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/training/$trainingRunId",
  validateSearch: ({ tab }: RunSearch): RunSearch => ({ tab: tab === "curves" ? undefined : tab }),
  component: lazyRouteComponent(() => import("./run-page.tsx"), "RunPage"),
});

export const trainingRoutes = [listRoute, newRoute, compareRoute, oneRoute] as const;
