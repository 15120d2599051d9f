import { liveScoringApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { LiveScoring } from "./service.ts";

export const liveScoringRoutes = (live: LiveScoring) =>
  mount(liveScoringApi, {
    "GET /api/v1/live-scoring": ({ scope }) => live.list(scope),
    "POST /api/v1/live-scoring": ({ scope, body }) => live.create(scope, body),
    "POST /api/v1/live-scoring/preview": ({ scope, body }) => live.preview(scope, body),
    "GET /api/v1/live-scoring/:ruleId": ({ scope, params }) => live.get(scope, params.ruleId),
    "PATCH /api/v1/live-scoring/:ruleId": ({ scope, params, body }) => live.update(scope, params.ruleId, body),
    "DELETE /api/v1/live-scoring/:ruleId": async ({ scope, params }) => {
      await live.delete(scope, params.ruleId);
      return { ok: true as const };
    },
    "GET /api/v1/live-scoring/:ruleId/scores": ({ scope, params, query }) =>
      live.listScores(scope, params.ruleId, query),
    "POST /api/v1/live-scoring/:ruleId/backfill": ({ scope, params, body }) =>
      live.backfill(scope, params.ruleId, body),
  });
