import { topicsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Topics } from "./service.ts";

export const topicRoutes = (topics: Topics) =>
  mount(topicsApi, {
    "GET /api/v1/topics": ({ scope, query }) => topics.list(scope, query),
    "PATCH /api/v1/topics/:topicId": ({ scope, params, body }) => topics.rename(scope, params.topicId, body.label),
    "GET /api/v1/topics/:topicId/traces": ({ scope, params, query }) => topics.listTraces(scope, params.topicId, query),
    "GET /api/v1/topic-runs": ({ scope, query }) => topics.runs.list(scope, query),
    "POST /api/v1/topic-runs": ({ scope, body }) => topics.runs.create(scope, body),
    "GET /api/v1/topic-settings": ({ scope }) => topics.getSettings(scope),
    "PUT /api/v1/topic-settings": ({ scope, body }) => topics.updateSettings(scope, body),
  });
