import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute } from "../../system/projects/index.ts";

export const requiredEvaluationsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/evaluations",
  component: lazyRouteComponent(() => import("./required-page.tsx"), "RequiredEvaluationsPage"),
});
