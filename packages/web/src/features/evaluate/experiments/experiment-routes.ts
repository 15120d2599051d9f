import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import {
  type BoardSearch,
  type CompareSearch,
  type ExperimentSearch,
  itemsSearch,
  type ListSearch,
  type NewSearch,
  type PlanSearch,
  type VerdictSearch,
} from "./shared/experiment-search.ts";

const frameRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/experiments",
  component: lazyRouteComponent(() => import("./experiments-frame.tsx"), "ExperimentsFrame"),
});

const listRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: "/",
  validateSearch: ({ search, status, dataset }: ListSearch): ListSearch => ({
    search: search || undefined,
    status: status || undefined,
    dataset: dataset || undefined,
  }),
  component: lazyRouteComponent(() => import("./list/experiments-page.tsx"), "ExperimentsPage"),
});

const boardRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: "/leaderboard",
  validateSearch: ({ dataset, scorer, by }: BoardSearch): BoardSearch => ({
    dataset: dataset || undefined,
    scorer: scorer || undefined,
    by: by === "pairwise" ? by : undefined,
  }),
  component: lazyRouteComponent(() => import("./compare/leaderboard-page.tsx"), "LeaderboardPage"),
});

const planRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: "/plan",
  validateSearch: ({ run, against, scorer, difference }: PlanSearch): PlanSearch => ({
    run,
    against,
    scorer,
    difference,
  }),
  component: lazyRouteComponent(() => import("./compare/planner-page.tsx"), "PlannerPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/experiments/new",
  validateSearch: ({ dataset, prompt, from }: NewSearch): NewSearch => ({ dataset, prompt, from }),
  component: lazyRouteComponent(() => import("./new/new-experiment.tsx"), "NewExperiment"),
});

const compareRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/experiments/compare",
  validateSearch: (search: CompareSearch): CompareSearch => ({
    base: search.base,
    heads: search.heads,
    head: search.head,
    tab: search.tab === "differences" ? undefined : search.tab,
    margin: search.margin,
    field: search.field || undefined,
    ...itemsSearch(search),
  }),
  component: lazyRouteComponent(() => import("./compare/compare-page.tsx"), "ComparePage"),
});

const bisectRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/experiments/bisects/$bisectId",
  component: lazyRouteComponent(() => import("./bisect/bisect-page.tsx"), "BisectPage"),
});

const judgingRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/experiments/judgings/$judgingId",
  validateSearch: ({ pair, outcome, open }: VerdictSearch): VerdictSearch => ({
    pair: pair || undefined,
    outcome: outcome || undefined,
    open: open || undefined,
  }),
  component: lazyRouteComponent(() => import("./judging/judging-page.tsx"), "JudgingPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/experiments/$experimentId",
  validateSearch: (search: ExperimentSearch): ExperimentSearch => ({
    tab: search.tab === "results" ? undefined : search.tab,
    run: search.run,
    base: search.base,
    ...itemsSearch(search),
  }),
  component: lazyRouteComponent(() => import("./experiment/experiment-page.tsx"), "ExperimentPage"),
});

export const experimentRoutes = [
  frameRoute.addChildren([listRoute, boardRoute, planRoute]),
  newRoute,
  compareRoute,
  bisectRoute,
  judgingRoute,
  oneRoute,
] as const;
