import { driftApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Drift } from "./service.ts";

const DONE = { ok: true } as const;

export const driftRoutes = (drift: Drift) =>
  mount(driftApi, {
    "GET /api/v1/drift-watches": ({ scope, query }) => drift.list(scope, query),
    "POST /api/v1/drift-watches": ({ scope, body }) => drift.create(scope, body),
    "GET /api/v1/drift-watches/:driftWatchId": ({ scope, params }) => drift.get(scope, params.driftWatchId),
    "PATCH /api/v1/drift-watches/:driftWatchId": ({ scope, params, body }) =>
      drift.update(scope, params.driftWatchId, body),
    "DELETE /api/v1/drift-watches/:driftWatchId": async ({ scope, params }) => {
      await drift.delete(scope, params.driftWatchId);
      return DONE;
    },
    "GET /api/v1/drift-watches/:driftWatchId/references": ({ scope, params, query }) =>
      drift.listReferences(scope, params.driftWatchId, query),
    "GET /api/v1/drift-watches/:driftWatchId/runs": ({ scope, params, query }) =>
      drift.listRuns(scope, params.driftWatchId, query),
    "POST /api/v1/drift-watches/:driftWatchId/runs": ({ scope, params, body }) =>
      drift.run(scope, params.driftWatchId, body.day),
    "GET /api/v1/drift-watches/:driftWatchId/runs/:day": ({ scope, params }) =>
      drift.getReport(scope, params.driftWatchId, params.day),
    "GET /api/v1/drift-investigations": ({ scope, query }) => drift.listInvestigations(scope, query),
    "PATCH /api/v1/drift-investigations/:investigationId": ({ scope, params, body }) =>
      drift.updateInvestigation(scope, params.investigationId, body),
  });
