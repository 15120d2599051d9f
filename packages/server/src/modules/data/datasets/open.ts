import type { Module } from "../../../kernel/module.ts";
import { traceItemRoutes } from "./from-traces/routes.ts";
import { datasetRoutes } from "./routes.ts";
import { createDatasets, type Datasets, type DatasetsDeps } from "./service.ts";
import { datasetFileRoutes } from "./transfer/routes.ts";

export function openDatasets(deps: DatasetsDeps): Module<Datasets> {
  const api = createDatasets(deps);
  return { api, routes: [datasetRoutes(api), traceItemRoutes(api), datasetFileRoutes(api.transfer)] };
}
