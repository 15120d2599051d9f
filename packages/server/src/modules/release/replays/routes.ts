import { replaysApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Replays } from "./service.ts";

export const replayRoutes = (replays: Replays) =>
  mount(replaysApi, {
    "GET /api/v1/replays": ({ scope, query }) => replays.list(scope, query),
    "POST /api/v1/replays": ({ scope, body, signal }) => replays.create(scope, body, signal),
    "POST /api/v1/replays/estimate": ({ scope, body, signal }) => replays.estimate(scope, body, signal),
    "POST /api/v1/replays/off-policy": ({ scope, body, signal }) => replays.offPolicy(scope, body, signal),
    "GET /api/v1/replays/:replayId": ({ scope, params }) => replays.get(scope, params.replayId),
  });
