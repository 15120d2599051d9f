import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { parseRange } from "../../../components/time/time-range.ts";
import { shellRoute } from "../../system/shell/index.ts";
import { joinFilter } from "../filter/index.ts";
import { breakdownOf, type OverviewSearch } from "./overview-search.ts";

export const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  validateSearch: (search: OverviewSearch): OverviewSearch => ({
    ...parseRange(search),
    ...joinFilter(search),
    compare: search.compare === "1" ? "1" : undefined,
    by: breakdownOf(search.by) === "model" ? undefined : search.by,
  }),
  // The time that is being looked at goes along from page to page.
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./overview-page.tsx"), "OverviewPage"),
});
