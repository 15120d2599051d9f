import { shadowsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Shadows } from "./service.ts";

export const shadowRoutes = (shadows: Omit<Shadows, "mirrors">) =>
  mount(shadowsApi, {
    "GET /api/v1/shadows": ({ scope, query }) => shadows.list(scope, query),
    "POST /api/v1/shadows": ({ scope, body }) => shadows.create(scope, body),
    "GET /api/v1/shadows/:shadowId": ({ scope, params }) => shadows.get(scope, params.shadowId),
    "POST /api/v1/shadows/:shadowId/pause": ({ scope, params }) => shadows.pause(scope, params.shadowId),
    "POST /api/v1/shadows/:shadowId/resume": ({ scope, params }) => shadows.resume(scope, params.shadowId),
    "POST /api/v1/shadows/:shadowId/end": ({ scope, params }) => shadows.end(scope, params.shadowId),
    "GET /api/v1/shadows/:shadowId/pairs": ({ scope, params, query }) =>
      shadows.listPairs(scope, params.shadowId, query),
    "POST /api/v1/shadows/:shadowId/experiment": ({ scope, params, body }) =>
      shadows.toExperiment(scope, params.shadowId, body),
  });
