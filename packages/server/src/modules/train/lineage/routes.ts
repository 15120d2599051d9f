import { lineageApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Lineage } from "./service.ts";

export const lineageRoutes = (lineage: Lineage) =>
  mount(lineageApi, {
    "GET /api/v1/lineage/answers/:traceId/:spanId": ({ scope, params }) => lineage.ofAnswer(scope, params),
    "GET /api/v1/lineage/versions/:name/:version": ({ scope, params }) => lineage.ofVersion(scope, params),
    "GET /api/v1/lineage/training-runs/:trainingRunId": ({ scope, params }) =>
      lineage.ofRun(scope, params.trainingRunId),
    "GET /api/v1/lineage/training-runs/:trainingRunId/rows": ({ scope, params, query, signal }) =>
      lineage.listRunRows(scope, { ...params, ...query, signal }),
    "GET /api/v1/lineage/datasets/:datasetId": ({ scope, params, query }) =>
      lineage.ofDataset(scope, params.datasetId, query.at),
    "GET /api/v1/lineage/datasets/:datasetId/items/:itemId": ({ scope, params, query }) =>
      lineage.ofRow(scope, { ...params, ...query }),
  });
