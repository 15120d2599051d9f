import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { parseRange } from "../../components/time-range.ts";
import { joinFilter } from "../filter/index.ts";
import { shellRoute } from "../shell/index.ts";
import { type ListSearch, viewOf } from "./list-props.ts";
import { parseMeaning } from "./meaning-search.ts";
import { parseTraceSearch } from "./trace-search.ts";

/** The whole state of the list, so that an address shows a colleague the same rows in the same order. */
const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/traces",
  validateSearch: (search: ListSearch): ListSearch => ({
    ...parseRange(search),
    ...joinFilter(search),
    view: viewOf(search) === "traces" ? undefined : viewOf(search),
    order: search.order,
    direction: search.direction === "asc" ? "asc" : undefined,
    open: search.open,
    span: search.span,
    live: search.live === "1" ? "1" : undefined,
    columns: search.columns,
    saved: search.saved,
    ...parseMeaning(search),
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
