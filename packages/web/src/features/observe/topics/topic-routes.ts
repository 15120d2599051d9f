import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";

/** The open topic in the address. */
export type TopicSearch = { topic?: string | undefined };

const topicsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/topics",
  validateSearch: ({ topic }: TopicSearch): TopicSearch => ({
    topic: typeof topic === "string" ? topic.slice(0, 100) || undefined : undefined,
  }),
  component: lazyRouteComponent(() => import("./topics-page.tsx"), "TopicsPage"),
});

export const topicRoutes = [topicsRoute] as const;
