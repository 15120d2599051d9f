import type { Module } from "../../../kernel/module.ts";
import { datasetMapRoutes } from "./map/routes.ts";
import { createDatasetMaps, type DatasetMaps, type DatasetMapsDeps } from "./map/service.ts";
import { curationRoutes } from "./routes.ts";
import { type Curation, type CurationDeps, createCuration } from "./service.ts";

export function openCuration(deps: CurationDeps): Module<Curation> {
  const api = createCuration(deps);
  return { api, routes: [curationRoutes(api)], close: api.close };
}

export function openDatasetMaps(deps: DatasetMapsDeps): Module<DatasetMaps> {
  const api = createDatasetMaps(deps);
  return { api, routes: [datasetMapRoutes(api)] };
}
