import { semanticCacheApi } from "@treadle/contract";
import { mount } from "../../../../../platform/http/handlers.ts";
import type { SemanticCaches } from "./semantic-cache.ts";

const DONE = { ok: true } as const;

export const semanticCacheRoutes = (caches: Pick<SemanticCaches, "status" | "restart" | "clear">) =>
  mount(semanticCacheApi, {
    "GET /api/v1/endpoints/:endpointId/semantic-cache": ({ scope, params }) => caches.status(scope, params.endpointId),
    "POST /api/v1/endpoints/:endpointId/semantic-cache/restart": ({ scope, params }) =>
      caches.restart(scope, params.endpointId),
    "DELETE /api/v1/endpoints/:endpointId/semantic-cache/entries": async ({ scope, params }) => {
      await caches.clear(scope, params.endpointId);
      return DONE;
    },
  });
