import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";

export { playgroundHash } from "./state/playground-hash.ts";

export const playgroundRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/playground",
  component: lazyRouteComponent(() => import("./playground-page.tsx"), "PlaygroundPage"),
});
