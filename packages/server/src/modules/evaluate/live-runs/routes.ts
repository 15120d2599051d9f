import { liveRunsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { LiveRuns } from "./service.ts";

export const liveRunRoutes = (runs: LiveRuns) =>
  mount(liveRunsApi, {
    "GET /api/v1/live-scoring/:ruleId/schedule": ({ scope, params }) => runs.get(scope, params.ruleId),
    "PUT /api/v1/live-scoring/:ruleId/schedule": ({ scope, params, body }) => runs.set(scope, params.ruleId, body),
    "GET /api/v1/live-scoring/:ruleId/periods": ({ scope, params, query }) =>
      runs.listPeriods(scope, params.ruleId, query),
  });
