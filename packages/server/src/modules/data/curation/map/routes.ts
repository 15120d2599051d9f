import { curationMapApi } from "@treadle/contract";
import { wholeList } from "../../../../kernel/pages.ts";
import { mount } from "../../../../platform/http/handlers.ts";
import type { DatasetMaps } from "./service.ts";

export const datasetMapRoutes = (maps: DatasetMaps) =>
  mount(curationMapApi, {
    "POST /api/v1/datasets/:datasetId/maps": ({ scope, params, body }) => maps.create(scope, params.datasetId, body),
    "GET /api/v1/datasets/:datasetId/maps": async ({ scope, params }) =>
      wholeList(await maps.list(scope, params.datasetId)),
    "GET /api/v1/datasets/:datasetId/maps/:mapId": ({ scope, params }) => maps.get(scope, params),
  });
