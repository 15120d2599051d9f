import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute } from "../../system/projects/index.ts";

export const privacyRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/privacy",
  component: lazyRouteComponent(() => import("./privacy-page.tsx"), "PrivacyPage"),
});
