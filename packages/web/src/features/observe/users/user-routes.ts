import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { parseRange, type RangeSearch } from "../../../components/time/time-range.ts";
import { shellRoute } from "../../system/shell/index.ts";
import { type FilteredSearch, joinFilter } from "../filter/index.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/users",
  validateSearch: (search: FilteredSearch): FilteredSearch => ({
    ...parseRange(search),
    ...joinFilter(search),
    columns: search.columns,
    saved: search.saved,
  }),
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./users-page.tsx"), "UsersPage"),
});

const detailRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/users/$userId",
  validateSearch: (search: RangeSearch): RangeSearch => parseRange(search),
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./user-page.tsx"), "UserPage"),
});

export const userRoutes = [listRoute, detailRoute] as const;
