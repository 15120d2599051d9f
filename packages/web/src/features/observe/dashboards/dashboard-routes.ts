import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { parseRange, type RangeSearch } from "../../../components/time/time-range.ts";
import { shellRoute } from "../../system/shell/index.ts";
import { parseFilter } from "../filter/index.ts";
import type { BoardSearch } from "./board/board-search.ts";
import { REFRESHES } from "./board/refreshes.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/dashboards",
  validateSearch: ({ new: begun, ...search }: RangeSearch & { new?: string }): RangeSearch & { new?: string } => ({
    ...parseRange(search),
    ...((begun === "1" || begun === "json") && { new: begun }),
  }),
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./list/dashboards-page.tsx"), "DashboardsPage"),
});

const boardRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/dashboards/$dashboardId",
  validateSearch: (search: BoardSearch): BoardSearch => ({
    ...parseRange(search),
    ...parseFilter(search),
    compare: search.compare === "1" ? "1" : undefined,
    refresh: REFRESHES.some(({ id }) => id === search.refresh) ? search.refresh : undefined,
    edit: search.edit === "1" ? "1" : undefined,
    chart: search.chart,
  }),
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./board/dashboard-page.tsx"), "DashboardPage"),
});

export const dashboardRoutes = [listRoute, boardRoute] as const;
