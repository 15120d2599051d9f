import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";

export const liveScoringRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/scorers/live",
  component: lazyRouteComponent(() => import("./live-page.tsx"), "LivePage"),
});
