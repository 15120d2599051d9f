import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";

type ListSearch = { state?: string | undefined };
type NewSearch = { endpoint?: string | undefined; draft?: string | undefined };
type ReportSearch = { by?: string | undefined };

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/ab-tests",
  validateSearch: ({ state }: ListSearch): ListSearch => ({ state: state || undefined }),
  component: lazyRouteComponent(() => import("./ab-tests-page.tsx"), "AbTestsPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/ab-tests/new",
  validateSearch: ({ endpoint, draft }: NewSearch): NewSearch => ({
    endpoint: endpoint || undefined,
    draft: draft || undefined,
  }),
  component: lazyRouteComponent(() => import("./new-ab-test-page.tsx"), "NewAbTestPage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/ab-tests/$abTestId",
  validateSearch: ({ by }: ReportSearch): ReportSearch => ({ by: by || undefined }),
  component: lazyRouteComponent(() => import("./ab-test-page.tsx"), "AbTestPage"),
});

export const abTestRoutes = [listRoute, newRoute, oneRoute] as const;
