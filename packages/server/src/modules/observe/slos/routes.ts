import { slosApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Slos } from "./service.ts";

export const sloRoutes = (slos: Slos) =>
  mount(slosApi, {
    "GET /api/v1/slos": ({ scope, query }) => slos.list(scope, query),
    "POST /api/v1/slos": ({ scope, body }) => slos.create(scope, body),
    "POST /api/v1/slo-previews": ({ scope, body }) => slos.preview(scope, body),
    "GET /api/v1/slos/:sloId": ({ scope, params }) => slos.get(scope, params.sloId),
    "PATCH /api/v1/slos/:sloId": ({ scope, params, body }) => slos.update(scope, params.sloId, body),
    "DELETE /api/v1/slos/:sloId": async ({ scope, params }) => {
      await slos.delete(scope, params.sloId);
      return { ok: true as const };
    },
    "GET /api/v1/slos/:sloId/days": ({ scope, params }) => slos.listDays(scope, params.sloId),
  });
