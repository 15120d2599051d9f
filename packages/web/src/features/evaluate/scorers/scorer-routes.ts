import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type { ListSearch, NewSearch, ScorerSearch } from "./shared/scorer-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/scorers",
  validateSearch: ({ search, group, archived }: ListSearch): ListSearch => ({
    search: search || undefined,
    group: group || undefined,
    archived: archived === "1" ? "1" : undefined,
  }),
  component: lazyRouteComponent(() => import("./list/scorers-page.tsx"), "ScorersPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/scorers/new",
  validateSearch: ({ kind }: NewSearch): NewSearch => ({ kind }),
  component: lazyRouteComponent(() => import("./scorer/new-scorer.tsx"), "NewScorer"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/scorers/$scorerId",
  validateSearch: ({ version, tab, calibration }: ScorerSearch): ScorerSearch => ({
    version: Number(version) >= 1 ? version : undefined,
    tab: tab === "calibration" ? tab : undefined,
    calibration: calibration || undefined,
  }),
  component: lazyRouteComponent(() => import("./scorer/scorer-page.tsx"), "ScorerPage"),
});

export const scorerRoutes = [listRoute, newRoute, oneRoute] as const;
