import { rolloutsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Rollouts } from "./service.ts";

export const rolloutRoutes = (rollouts: Rollouts) =>
  mount(rolloutsApi, {
    "GET /api/v1/rollouts": ({ scope, query }) => rollouts.list(scope, query),
    "POST /api/v1/rollouts": ({ scope, body }) => rollouts.create(scope, body),
    "POST /api/v1/rollouts/estimate": ({ scope, body }) => rollouts.estimate(scope, body),
    "GET /api/v1/rollouts/:rolloutId": ({ scope, params }) => rollouts.get(scope, params.rolloutId),
    "PUT /api/v1/rollouts/:rolloutId": ({ scope, params, body }) => rollouts.replace(scope, params.rolloutId, body),
    "DELETE /api/v1/rollouts/:rolloutId": async ({ scope, params }) => {
      await rollouts.delete(scope, params.rolloutId);
      return { ok: true as const };
    },
    "POST /api/v1/rollouts/:rolloutId/start": ({ scope, params, signal }) =>
      rollouts.start(scope, params.rolloutId, signal),
    "POST /api/v1/rollouts/:rolloutId/pause": ({ scope, params, signal }) =>
      rollouts.pause(scope, params.rolloutId, signal),
    "POST /api/v1/rollouts/:rolloutId/resume": ({ scope, params, signal }) =>
      rollouts.resume(scope, params.rolloutId, signal),
    "POST /api/v1/rollouts/:rolloutId/approve": ({ scope, params, signal }) =>
      rollouts.approve(scope, params.rolloutId, signal),
    "POST /api/v1/rollouts/:rolloutId/promote": ({ scope, params, signal }) =>
      rollouts.promote(scope, params.rolloutId, signal),
    "POST /api/v1/rollouts/:rolloutId/roll-back": ({ scope, params, signal }) =>
      rollouts.rollBack(scope, params.rolloutId, signal),
    "GET /api/v1/rollouts/:rolloutId/events": ({ scope, params, query }) =>
      rollouts.listEvents(scope, params.rolloutId, query),
    "GET /api/v1/rollouts/:rolloutId/points": ({ scope, params, query }) =>
      rollouts.listPoints(scope, params.rolloutId, query),
  });
