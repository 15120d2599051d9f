import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";

export const limitsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/limits",
  component: lazyRouteComponent(() => import("./limits-page.tsx"), "LimitsPage"),
});
