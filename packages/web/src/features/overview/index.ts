import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { parseRange, type RangeSearch } from "../../components/time-range.ts";
import { joinFilter, type TraceFilter } from "../filter/index.ts";
import { shellRoute } from "../shell/index.ts";

export const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  validateSearch: (search: TraceFilter & RangeSearch): TraceFilter & RangeSearch => ({
    ...parseRange(search),
    ...joinFilter(search),
  }),
  // The time that is being looked at goes along from page to page.
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./overview-page.tsx"), "OverviewPage"),
});
