import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { parseRange, type RangeSearch } from "../../components/time-range.ts";
import { type FilterSearch, joinFilter } from "../filter/index.ts";
import { shellRoute } from "../shell/index.ts";

/** The frame of the pages that ask one's own questions; the SQL console hangs its page under it. */
export const exploreRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/explore",
  component: lazyRouteComponent(() => import("./explore-frame.tsx"), "ExploreFrame"),
});

/** What the table of groups shows: which spans, by what, which numbers, sorted by which of them. */
export type GroupSearch = FilterSearch &
  RangeSearch & { by?: string; show?: string; sort?: string; direction?: string; compare?: string; saved?: string };

const groupRoute = createRoute({
  getParentRoute: () => exploreRoute,
  path: "/",
  validateSearch: (search: GroupSearch): GroupSearch => ({
    ...parseRange(search),
    ...joinFilter(search),
    by: search.by,
    show: search.show,
    sort: search.sort,
    direction: search.direction === "asc" ? "asc" : undefined,
    compare: search.compare === "previous" ? "previous" : undefined,
    saved: search.saved,
  }),
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./group-page.tsx"), "GroupPage"),
});

/** Two filters in the same time. */
export type CompareSearch = RangeSearch & { a?: string; b?: string };

const compareRoute = createRoute({
  getParentRoute: () => exploreRoute,
  path: "/compare",
  validateSearch: (search: CompareSearch): CompareSearch => ({ ...parseRange(search), a: search.a, b: search.b }),
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./compare-page.tsx"), "ComparePage"),
});

export const explorePages = [groupRoute, compareRoute] as const;
