import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute } from "../../system/projects/index.ts";

export const forwardingRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/forwarding",
  component: lazyRouteComponent(() => import("./forwarding-page.tsx"), "ForwardingPage"),
});
