import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute } from "../projects/index.ts";

export const systemRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/system",
  component: lazyRouteComponent(() => import("./system-page.tsx"), "SystemPage"),
});
