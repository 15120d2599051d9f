import { synthesisApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Synthesis } from "./service.ts";

export const synthesisRoutes = (synthesis: Synthesis) =>
  mount(synthesisApi, {
    "POST /api/v1/datasets/:datasetId/synthesis/preview": ({ scope, params, body, signal }) =>
      synthesis.preview(scope, params.datasetId, { input: body, signal }),
    "POST /api/v1/datasets/:datasetId/synthesis": ({ scope, params, body }) =>
      synthesis.start(scope, params.datasetId, body),
  });
