import { abTestsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { AbTests } from "./service.ts";

export const abTestRoutes = (tests: AbTests) =>
  mount(abTestsApi, {
    "GET /api/v1/ab-tests": ({ scope, query }) => tests.list(scope, query),
    "POST /api/v1/ab-tests": ({ scope, body }) => tests.create(scope, body),
    "GET /api/v1/ab-tests/:abTestId": ({ scope, params }) => tests.get(scope, params.abTestId),
    "PUT /api/v1/ab-tests/:abTestId": ({ scope, params, body }) => tests.replace(scope, params.abTestId, body),
    "DELETE /api/v1/ab-tests/:abTestId": async ({ scope, params }) => {
      await tests.delete(scope, params.abTestId);
      return { ok: true as const };
    },
    "POST /api/v1/ab-tests/:abTestId/start": ({ scope, params }) => tests.start(scope, params.abTestId),
    "POST /api/v1/ab-tests/:abTestId/stop": ({ scope, params }) => tests.stop(scope, params.abTestId),
    "POST /api/v1/ab-tests/:abTestId/pick": ({ scope, params, body }) =>
      tests.pick(scope, params.abTestId, body.variant),
    "GET /api/v1/ab-tests/:abTestId/report": ({ scope, params }) => tests.report(scope, params.abTestId),
    "GET /api/v1/ab-tests/:abTestId/segments": ({ scope, params, query }) =>
      tests.segments(scope, params.abTestId, query.by),
    "GET /api/v1/ab-tests/:abTestId/events": ({ scope, params, query }) =>
      tests.listEvents(scope, params.abTestId, query),
  });
