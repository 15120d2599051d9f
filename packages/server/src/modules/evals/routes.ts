import { experimentsApi, runsApi } from "@treadle/contract";
import { mount } from "../../platform/http/handlers.ts";
import type { Evals } from "./service.ts";

const DONE = { ok: true as const };

export const experimentRoutes = ({ experiments }: Evals) =>
  mount(experimentsApi, {
    "GET /api/v1/experiments": ({ scope, query }) => experiments.list(scope, query),
    "POST /api/v1/experiments": ({ scope, body }) => experiments.start(scope, body),
    "GET /api/v1/experiments/:experimentId": ({ scope, params }) => experiments.get(scope, params.experimentId),
    "PATCH /api/v1/experiments/:experimentId": ({ scope, params, body }) =>
      experiments.update(scope, params.experimentId, body),
    "DELETE /api/v1/experiments/:experimentId": async ({ scope, params }) => {
      await experiments.delete(scope, params.experimentId);
      return DONE;
    },
    "POST /api/v1/experiments/:experimentId/cancel": ({ scope, params }) =>
      experiments.cancel(scope, params.experimentId),
    "POST /api/v1/experiments/:experimentId/resume": ({ scope, params, body }) =>
      experiments.resume(scope, params.experimentId, body),
  });

export const runRoutes = ({ runs }: Evals) =>
  mount(runsApi, {
    "GET /api/v1/runs": ({ scope, query }) => runs.list(scope, query),
    "POST /api/v1/runs": ({ scope, body }) => runs.create(scope, body),
    "GET /api/v1/runs/:runId": ({ scope, params }) => runs.get(scope, params.runId),
    "DELETE /api/v1/runs/:runId": async ({ scope, params }) => {
      await runs.delete(scope, params.runId);
      return DONE;
    },
    "POST /api/v1/runs/:runId/answers": ({ scope, params, body }) => runs.addAnswers(scope, params.runId, body.answers),
    "POST /api/v1/runs/:runId/finish": ({ scope, params }) => runs.finish(scope, params.runId),
    "GET /api/v1/runs/:runId/items": ({ scope, params, query }) => runs.listItems(scope, params.runId, query),
  });
