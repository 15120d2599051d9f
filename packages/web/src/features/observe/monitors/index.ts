import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { parseRange, type RangeSearch } from "../../../components/time/time-range.ts";
import { shellRoute } from "../../system/shell/index.ts";
import type { ListSearch, NewSearch } from "./monitor-search.ts";

type OneSearch = RangeSearch & { series?: string | undefined };

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/monitors",
  validateSearch: ({ q, state }: ListSearch): ListSearch => ({ q: q || undefined, state: state || undefined }),
  component: lazyRouteComponent(() => import("./list/monitors-page.tsx"), "MonitorsPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/monitors/new",
  validateSearch: ({ template, copy, measure, filter, group }: NewSearch): NewSearch => ({
    template: template || undefined,
    copy: copy || undefined,
    measure: measure || undefined,
    filter: filter || undefined,
    group: group || undefined,
  }),
  component: lazyRouteComponent(() => import("./form/new-monitor-page.tsx"), "NewMonitorPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/monitors/$monitorId",
  validateSearch: ({ series, ...search }: OneSearch): OneSearch => ({ ...parseRange(search), series }),
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./detail/monitor-page.tsx"), "MonitorPage"),
});

const editRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/monitors/$monitorId/edit",
  component: lazyRouteComponent(() => import("./form/edit-monitor-page.tsx"), "EditMonitorPage"),
});

export const monitorRoutes = [listRoute, newRoute, oneRoute, editRoute] as const;
