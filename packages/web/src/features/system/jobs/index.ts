import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute } from "../projects/index.ts";

export { ActingJob } from "./acting-job.tsx";
export { RunPanel } from "./run-panel.tsx";
export { useLiveJob } from "./use-job.ts";
export { useRunLifecycle } from "./use-run-lifecycle.ts";

export const jobsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/jobs",
  component: lazyRouteComponent(() => import("./jobs-page.tsx"), "JobsPage"),
});
