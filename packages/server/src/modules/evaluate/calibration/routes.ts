import { calibrationApi } from "@treadle/contract";
import { cutPage } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { CalibrationService } from "./service.ts";

const DONE = { ok: true as const };

export const calibrationRoutes = ({ anchorSets, ...calibrations }: CalibrationService) =>
  mount(calibrationApi, {
    "GET /api/v1/calibrations": ({ scope, query }) => calibrations.list(scope, query),
    "POST /api/v1/calibrations": ({ scope, body }) => calibrations.create(scope, body),
    "GET /api/v1/calibrations/:calibrationId": ({ scope, params }) => calibrations.get(scope, params.calibrationId),
    "DELETE /api/v1/calibrations/:calibrationId": async ({ scope, params }) => {
      await calibrations.delete(scope, params.calibrationId);
      return DONE;
    },
    "GET /api/v1/calibrations/:calibrationId/pairs": ({ scope, params, query }) =>
      calibrations.listPairs(scope, params.calibrationId, query),
    "GET /api/v1/anchor-sets": async ({ scope, query }) =>
      cutPage((await anchorSets.list(scope, query.scorer)).items, query, ({ name, anchorId }) => [name, anchorId]),
    "POST /api/v1/anchor-sets": ({ scope, body }) => anchorSets.create(scope, body),
    "PATCH /api/v1/anchor-sets/:anchorId": ({ scope, params, body }) => anchorSets.update(scope, params.anchorId, body),
    "DELETE /api/v1/anchor-sets/:anchorId": async ({ scope, params }) => {
      await anchorSets.delete(scope, params.anchorId);
      return DONE;
    },
    "POST /api/v1/anchor-sets/:anchorId/check": ({ scope, params }) => anchorSets.check(scope, params.anchorId),
    "POST /api/v1/score-rates": ({ scope, body }) => calibrations.rate(scope, body),
    "GET /api/v1/runs/:runId/corrections": ({ scope, params }) => calibrations.correct(scope, params.runId),
  });
