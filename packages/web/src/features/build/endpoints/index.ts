import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";

export const endpointsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/endpoints",
  validateSearch: ({ edit }: { edit?: string }): { edit?: string } => ({ edit }),
  component: lazyRouteComponent(() => import("./endpoints-page.tsx"), "EndpointsPage"),
});
