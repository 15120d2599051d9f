import { endpointsApi } from "@treadle/contract";
import { cutPage } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Endpoints } from "./service.ts";

const DONE = { ok: true } as const;

export const endpointRoutes = (endpoints: Endpoints) =>
  mount(endpointsApi, {
    "GET /api/v1/endpoints": async ({ scope, query }) =>
      cutPage(await endpoints.list(scope), query, ({ name, endpointId }) => [name, endpointId]),
    "POST /api/v1/endpoints": ({ scope, body }) => endpoints.create(scope, body),
    "GET /api/v1/endpoints/:endpointId": ({ scope, params }) => endpoints.get(scope, params.endpointId),
    "PUT /api/v1/endpoints/:endpointId": ({ scope, params, body }) => endpoints.replace(scope, params.endpointId, body),
    "DELETE /api/v1/endpoints/:endpointId": async ({ scope, params }) => {
      await endpoints.delete(scope, params.endpointId);
      return DONE;
    },
    "GET /api/v1/endpoints/:endpointId/versions": ({ scope, params, query }) =>
      endpoints.listVersions(scope, params.endpointId, query),
    "POST /api/v1/endpoints/:endpointId/restore": ({ scope, params, body }) =>
      endpoints.restore(scope, params.endpointId, body.version),
  });
