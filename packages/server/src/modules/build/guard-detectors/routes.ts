import { guardDetectorsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { GuardDetectors } from "./service.ts";

const DONE = { ok: true } as const;

export const guardDetectorRoutes = (detectors: GuardDetectors) =>
  mount(guardDetectorsApi, {
    "GET /api/v1/guard-detectors": ({ scope, query }) => detectors.list(scope, query),
    "GET /api/v1/guard-labels": ({ scope, query }) => detectors.listLabels(scope, query),
    "PUT /api/v1/guard-labels": ({ scope, body }) => detectors.setLabel(scope, body),
    "DELETE /api/v1/guard-labels/:guardLabelId": async ({ scope, params }) => {
      await detectors.deleteLabel(scope, params.guardLabelId);
      return DONE;
    },
  });
