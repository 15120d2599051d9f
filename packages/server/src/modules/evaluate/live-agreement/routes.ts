import { liveAgreementApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { LiveAgreementService } from "./service.ts";

export const liveAgreementRoutes = (agreements: LiveAgreementService) =>
  mount(liveAgreementApi, {
    "GET /api/v1/live-scoring/:ruleId/agreement": ({ scope, params }) => agreements.list(scope, params.ruleId),
    "POST /api/v1/live-scoring/:ruleId/agreement": ({ scope, params, body }) =>
      agreements.create(scope, params.ruleId, body),
    "DELETE /api/v1/live-scoring/:ruleId/agreement/:agreementId": async ({ scope, params }) => {
      await agreements.delete(scope, params);
      return { ok: true as const };
    },
    "POST /api/v1/live-scoring/:ruleId/agreement/:agreementId/accept": ({ scope, params }) =>
      agreements.accept(scope, params),
    "GET /api/v1/live-scoring/:ruleId/agreement/:agreementId/days": ({ scope, params, query }) =>
      agreements.listDays(scope, params, query),
  });
