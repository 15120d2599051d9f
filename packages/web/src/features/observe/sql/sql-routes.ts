import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { exploreRoute } from "../explore/index.ts";

export const sqlRoute = createRoute({
  getParentRoute: () => exploreRoute,
  path: "/sql",
  validateSearch: ({ sql }: { sql?: string }): { sql?: string } => ({ sql }),
  component: lazyRouteComponent(() => import("./sql-page.tsx"), "SqlPage"),
});
