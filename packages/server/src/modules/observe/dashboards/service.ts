import { createDashboards, type DashboardsDeps } from "./dashboards-service.ts";
import { createTraceComments } from "./trace-comments.ts";
import { createViews } from "./views-service.ts";

/** What people make of their traces: dashboards, saved views, comments. */
export const createDashboardServices = (deps: DashboardsDeps) => ({
  dashboards: createDashboards(deps),
  views: createViews(deps),
  comments: createTraceComments(deps.comments),
});
export type DashboardServices = ReturnType<typeof createDashboardServices>;
