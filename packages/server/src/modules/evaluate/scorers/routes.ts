import { scorersApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Scorers } from "./service.ts";

const DONE = { ok: true } as const;

export const scorerRoutes = (scorers: Scorers) =>
  mount(scorersApi, {
    "GET /api/v1/scorer-kinds": async () => scorers.listKinds(),
    "GET /api/v1/scorers": ({ scope, query }) => scorers.list(scope, query),
    "POST /api/v1/scorers": ({ scope, body }) => scorers.create(scope, body),
    "GET /api/v1/scorers/:scorerId": ({ scope, params }) => scorers.get(scope, params.scorerId),
    "PATCH /api/v1/scorers/:scorerId": ({ scope, params, body }) => scorers.update(scope, params.scorerId, body),
    "DELETE /api/v1/scorers/:scorerId": async ({ scope, params }) => {
      await scorers.delete(scope, params.scorerId);
      return DONE;
    },
    "GET /api/v1/scorers/:scorerId/versions": ({ scope, params, query }) =>
      scorers.listVersions(scope, params.scorerId, query),
    "POST /api/v1/scorers/:scorerId/versions": async ({ scope, params, body, setStatus }) => {
      const { scorer, isNew } = await scorers.addVersion(scope, params.scorerId, body);
      if (!isNew) setStatus(200);
      return scorer;
    },
    "POST /api/v1/scorers/try": ({ scope, body, signal }) => scorers.try(scope, body, signal),
  });
