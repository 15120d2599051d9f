import { connectionsApi } from "@treadle/contract";
import { cutPage, wholeList } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Connections } from "./service.ts";

const DONE = { ok: true } as const;

export const connectionRoutes = (connections: Connections) =>
  mount(connectionsApi, {
    "GET /api/v1/provider-presets": async () => wholeList(connections.presets()),
    "GET /api/v1/connections": async ({ scope, query }) =>
      cutPage(await connections.list(scope), query, ({ createdAt, connectionId }) => [createdAt, connectionId]),
    "POST /api/v1/connections": ({ scope, body }) => connections.create(scope, body),
    "GET /api/v1/connections/:connectionId": ({ scope, params }) => connections.get(scope, params.connectionId),
    "PATCH /api/v1/connections/:connectionId": ({ scope, params, body }) =>
      connections.update(scope, params.connectionId, body),
    "DELETE /api/v1/connections/:connectionId": async ({ scope, params }) => {
      await connections.delete(scope, params.connectionId);
      return DONE;
    },
    "POST /api/v1/connections/:connectionId/test": ({ scope, params }) => connections.test(scope, params.connectionId),
  });
