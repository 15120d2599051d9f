import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import { type IssueSearch, readIssueSearch } from "./issue-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/issues",
  validateSearch: (search: IssueSearch): IssueSearch => readIssueSearch(search),
  component: lazyRouteComponent(() => import("./issues-page.tsx"), "IssuesPage"),
});

const issueRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/issues/$issueId",
  component: lazyRouteComponent(() => import("./issue-page.tsx"), "IssuePage"),
});

export const issueRoutes = [listRoute, issueRoute] as const;
