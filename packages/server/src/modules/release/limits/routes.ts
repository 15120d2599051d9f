import { limitsApi, spendApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { LimitService } from "./service.ts";
import type { createSpend } from "./spend.ts";

export const limitRoutes = (limits: LimitService) =>
  mount(limitsApi, {
    "GET /api/v1/limits": ({ scope }) => limits.list(scope),
    "POST /api/v1/limits": ({ scope, body }) => limits.create(scope, body),
    "GET /api/v1/limits/:limitId": ({ scope, params }) => limits.get(scope, params.limitId),
    "PATCH /api/v1/limits/:limitId": ({ scope, params, body }) => limits.update(scope, params.limitId, body),
    "DELETE /api/v1/limits/:limitId": async ({ scope, params }) => {
      await limits.delete(scope, params.limitId);
      return { ok: true as const };
    },
    "GET /api/v1/limits/:limitId/usage": ({ scope, params, query }) => limits.listUsage(scope, params.limitId, query),
    "POST /api/v1/limits/:limitId/recompute": ({ scope, params }) => limits.recompute(scope, params.limitId),
  });

export const spendRoutes = (spend: Pick<ReturnType<typeof createSpend>, "report">) =>
  mount(spendApi, { "GET /api/v1/spend": ({ scope, query }) => spend.report(scope, query) });
