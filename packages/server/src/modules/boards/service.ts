import { createComments } from "./comments-service.ts";
import { type BoardsDeps, createDashboards } from "./dashboards-service.ts";
import { createViews } from "./views-service.ts";

/** What people make of their traces: dashboards, saved views, comments. */
export const createBoards = (deps: BoardsDeps) => ({
  dashboards: createDashboards(deps),
  views: createViews(deps),
  comments: createComments(deps),
});
export type Boards = ReturnType<typeof createBoards>;
