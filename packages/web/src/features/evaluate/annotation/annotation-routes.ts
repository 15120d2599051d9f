import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import { type QueueSearch, type QueuesSearch, readQueueSearch } from "./shared/annotation-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/annotation",
  validateSearch: ({ search, assigned }: QueuesSearch): QueuesSearch => ({
    search: search || undefined,
    assigned: assigned === "me" ? assigned : undefined,
  }),
  component: lazyRouteComponent(() => import("./list/queues-page.tsx"), "QueuesPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/annotation/new",
  component: lazyRouteComponent(() => import("./list/new-queue.tsx"), "NewQueuePage"),
});

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/annotation/$queueId",
  validateSearch: (search: QueueSearch): QueueSearch => readQueueSearch(search),
  component: lazyRouteComponent(() => import("./queue/queue-page.tsx"), "QueuePage"),
});

const answerRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/annotation/$queueId/answer",
  component: lazyRouteComponent(() => import("./answer/answer-page.tsx"), "AnswerPage"),
});

export const annotationRoutes = [listRoute, newRoute, oneRoute, answerRoute] as const;
