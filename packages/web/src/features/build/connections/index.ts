import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { modelsRoute } from "../models/index.ts";

export { type Connection, useConnections } from "./use-connections.ts";

export const connectionsRoute = createRoute({
  getParentRoute: () => modelsRoute,
  path: "/providers",
  component: lazyRouteComponent(() => import("./connections-page.tsx"), "ConnectionsPage"),
});
