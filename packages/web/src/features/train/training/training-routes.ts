import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { CompareSearch, ListSearch, NewSearch, RunSearch, SweepListSearch } from "./shared/training-search.ts";

const frameRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/training",
  component: lazyRouteComponent(() => import("./list/training-frame.tsx"), "TrainingFrame"),
});

const listRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: "/",
  validateSearch: ({ search, status, picked }: ListSearch): ListSearch => ({
    search: search || undefined,
    status: status || undefined,
    picked: picked || undefined,
  }),
  component: lazyRouteComponent(() => import("./list/training-page.tsx"), "TrainingPage"),
});

const sweepsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: "/sweeps",
  validateSearch: ({ search }: SweepListSearch): SweepListSearch => ({ search: search || undefined }),
  component: lazyRouteComponent(() => import("./sweeps/sweeps-page.tsx"), "SweepsPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/training/new",
  validateSearch: ({ dataset, base, from }: NewSearch): NewSearch => ({ dataset, base, from }),
  component: lazyRouteComponent(() => import("./new-run/new-run-page.tsx"), "NewRunPage"),
});

const newSweepRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/training/sweeps/new",
  component: lazyRouteComponent(() => import("./sweeps/new-sweep-page.tsx"), "NewSweepPage"),
});

const sweepRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/training/sweeps/$sweepId",
  component: lazyRouteComponent(() => import("./sweeps/sweep-page.tsx"), "SweepPage"),
});

const compareRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/training/compare",
  validateSearch: ({ runs }: CompareSearch): CompareSearch => ({ runs: runs || undefined }),
  component: lazyRouteComponent(() => import("./run/compare-page.tsx"), "CompareRunsPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/training/$trainingRunId",
  validateSearch: ({ tab }: RunSearch): RunSearch => ({ tab: tab === "curves" ? undefined : tab }),
  component: lazyRouteComponent(() => import("./run/run-page.tsx"), "RunPage"),
});

export const trainingRoutes = [
  frameRoute.addChildren([listRoute, sweepsRoute]),
  newRoute,
  newSweepRoute,
  sweepRoute,
  compareRoute,
  oneRoute,
] as const;
