import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { parseRange } from "../../../components/time/time-range.ts";
import { shellRoute } from "../../system/shell/index.ts";
import { type FilteredSearch, joinFilter } from "../filter/index.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/sessions",
  validateSearch: (search: FilteredSearch): FilteredSearch => ({
    ...parseRange(search),
    ...joinFilter(search),
    columns: search.columns,
    saved: search.saved,
  }),
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./sessions-page.tsx"), "SessionsPage"),
});

type Open = { open?: string; span?: string };

const detailRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/sessions/$sessionId",
  validateSearch: ({ open, span }: Open): Open => ({ open, span }),
  component: lazyRouteComponent(() => import("./session-page.tsx"), "SessionPage"),
});

export const sessionRoutes = [listRoute, detailRoute] as const;
