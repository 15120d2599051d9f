import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute } from "../../system/projects/index.ts";

export const statusPageRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/status",
  component: lazyRouteComponent(() => import("./status-settings-page.tsx"), "StatusSettingsPage"),
});
