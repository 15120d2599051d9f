import { preferencesApi } from "@treadle/contract";
import { mount } from "../../../../platform/http/handlers.ts";
import type { Preferences } from "./service.ts";

const DONE = { ok: true as const };

export const preferenceRoutes = (preferences: Preferences) =>
  mount(preferencesApi, {
    "GET /api/v1/preferences": ({ scope, query }) => preferences.list(scope, query),
    "POST /api/v1/preferences/collect": ({ scope, body }) => preferences.collect(scope, body),
    "DELETE /api/v1/preferences/:pairId": async ({ scope, params }) => {
      await preferences.delete(scope, params.pairId);
      return DONE;
    },
    "GET /api/v1/preferences/leaderboard": ({ scope, query }) => preferences.leaderboard(scope, query),
  });
