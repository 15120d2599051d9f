import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute } from "../../system/projects/index.ts";

export const exportsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/exports",
  component: lazyRouteComponent(() => import("./exports-page.tsx"), "ExportsPage"),
});
