import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { parseRange } from "../../../components/time/time-range.ts";
import { shellRoute } from "../../system/shell/index.ts";
import { joinFilter } from "../filter/index.ts";
import { parseTraceSearch } from "./explorer/trace-search.ts";
import { type ListSearch, viewOf } from "./list/list-props.ts";
import { parseMeaning } from "./meaning/meaning-search.ts";

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
