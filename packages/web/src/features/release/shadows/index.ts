import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";

export type ListSearch = { state?: string | undefined };
export type NewSearch = { endpoint?: string | undefined };
export type PageSearch = { differs?: boolean | undefined };

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/shadows",
  validateSearch: ({ state }: ListSearch): ListSearch => ({ state: state || undefined }),
  component: lazyRouteComponent(() => import("./shadows-page.tsx"), "ShadowsPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/shadows/new",
  validateSearch: ({ endpoint }: NewSearch): NewSearch => ({ endpoint: endpoint || undefined }),
  component: lazyRouteComponent(() => import("./new-shadow-page.tsx"), "NewShadowPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/shadows/$shadowId",
  validateSearch: ({ differs }: PageSearch): PageSearch => ({ differs: differs === true || undefined }),
  component: lazyRouteComponent(() => import("./shadow-page.tsx"), "ShadowPage"),
});

export const shadowRoutes = [listRoute, newRoute, oneRoute] as const;
