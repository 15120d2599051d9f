import { endpointsApi } from "@treadle/contract";
import { mount } from "../../platform/http/handlers.ts";
import type { Endpoints } from "./service.ts";

const DONE = { ok: true } as const;

export const endpointRoutes = (endpoints: Endpoints) =>
  mount(endpointsApi, {
    "GET /api/v1/endpoints": async ({ scope }) => ({ items: await endpoints.list(scope) }),
    "POST /api/v1/endpoints": ({ scope, body }) => endpoints.create(scope, body),
    "GET /api/v1/endpoints/:endpointId": ({ scope, params }) => endpoints.get(scope, params.endpointId),
    "PUT /api/v1/endpoints/:endpointId": ({ scope, params, body }) => endpoints.replace(scope, params.endpointId, body),
    "DELETE /api/v1/endpoints/:endpointId": async ({ scope, params }) => {
      await endpoints.delete(scope, params.endpointId);
      return DONE;
    },
  });
