import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute } from "../../system/projects/index.ts";

export { KINDS } from "./kinds.ts";
export { useComputeTargets } from "./use-compute-targets.ts";

export const computeRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/compute",
  component: lazyRouteComponent(() => import("./compute-page.tsx"), "ComputePage"),
});
