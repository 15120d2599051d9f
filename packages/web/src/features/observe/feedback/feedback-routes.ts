import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import { type FeedbackSearch, readFeedbackSearch, type ScoresSearch } from "./feedback-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/feedback",
  validateSearch: (search: FeedbackSearch): FeedbackSearch => readFeedbackSearch(search),
  component: lazyRouteComponent(() => import("./feedback-page.tsx"), "FeedbackPage"),
});

const scoresRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/feedback/scores",
  validateSearch: ({ search, archived }: ScoresSearch): ScoresSearch => ({
    search: search || undefined,
    archived: archived === "1" ? "1" : undefined,
  }),
  component: lazyRouteComponent(() => import("./scores-page.tsx"), "ScoresPage"),
});

export const feedbackRoutes = [listRoute, scoresRoute] as const;
