import type { Module } from "../../../kernel/module.ts";
import { createThread } from "../../../platform/threads/port.ts";
import type { TopicOrders } from "./cluster/orders.ts";
import type { TopicsDeps } from "./deps.ts";
import { topicRoutes } from "./routes.ts";
import { createTopics, type Topics } from "./service.ts";

export const createTopicThread = () =>
  createThread<TopicOrders>({ script: new URL("./topic-worker.ts", import.meta.url), name: "topics" });

export function openTopics(deps: Omit<TopicsDeps, "thread">): Module<Topics> {
  const thread = createTopicThread();
  const api = createTopics({ ...deps, thread });
  return { api, routes: [topicRoutes(api)], start: api.start, close: thread.close };
}
