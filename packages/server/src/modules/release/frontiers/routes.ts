import { frontiersApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Frontiers } from "./service.ts";

export const frontierRoutes = (frontiers: Frontiers) =>
  mount(frontiersApi, {
    "GET /api/v1/endpoints/:endpointId/frontier": ({ scope, params, query }) =>
      frontiers.get(scope, params.endpointId, query),
  });
