import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { parseRange } from "../../../components/time/time-range.ts";
import { shellRoute } from "../../system/shell/index.ts";
import { joinFilter } from "../filter/index.ts";
import type { CompareSearch, GroupSearch } from "./explore-search.ts";

/** The frame of the pages that ask one's own questions; the SQL console hangs its page under it. */
export const exploreRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/explore",
  component: lazyRouteComponent(() => import("./explore-frame.tsx"), "ExploreFrame"),
});

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

const compareRoute = createRoute({
  getParentRoute: () => exploreRoute,
  path: "/compare",
  validateSearch: (search: CompareSearch): CompareSearch => ({ ...parseRange(search), a: search.a, b: search.b }),
  search: { middlewares: [retainSearchParams(["range", "from", "to"])] },
  component: lazyRouteComponent(() => import("./compare-page.tsx"), "ComparePage"),
});

export const explorePages = [groupRoute, compareRoute] as const;
