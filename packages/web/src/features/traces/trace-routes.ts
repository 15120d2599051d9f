import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { parseRange, type RangeSearch } from "../../components/time-range.ts";
import { type FilterSearch, parseFilter } from "../filter/index.ts";
import { shellRoute } from "../shell/index.ts";
import { parseTraceSearch } from "./trace-search.ts";

type ListSearch = FilterSearch &
  RangeSearch & {
    view?: string;
    order?: string;
    direction?: string;
    open?: string;
    span?: string;
    live?: string;
    columns?: string;
  };

/** The whole state of the list, so that an address shows a colleague the same rows in the same order. */
const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/traces",
  validateSearch: (search: ListSearch): ListSearch => ({
    ...parseRange(search),
    ...parseFilter(search),
    view: search.view === "spans" ? "spans" : undefined,
    order: search.order,
    direction: search.direction === "asc" ? "asc" : undefined,
    /** The trace that is open beside the list, and which of its spans. */
    open: search.open,
    span: search.span,
    live: search.live === "1" ? "1" : undefined,
    columns: search.columns,
  }),
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./traces-page.tsx"), "TracesPage"),
});

const detailRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/traces/$traceId",
  validateSearch: parseTraceSearch,
  component: lazyRouteComponent(() => import("./trace-page.tsx"), "TracePage"),
});

export const traceRoutes = [listRoute, detailRoute] as const;
