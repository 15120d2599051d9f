import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute } from "../projects/index.ts";

export { ActingJob } from "./acting-job.tsx";
export { useJobOf, useLiveJob } from "./use-job.ts";

export const jobsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/jobs",
  component: lazyRouteComponent(() => import("./jobs-page.tsx"), "JobsPage"),
});
