import type { Tag } from "../route.ts";
import { curationApi } from "./curation.ts";
import { curationMapApi } from "./curation-map.ts";
import { datasetsApi } from "./dataset-api.ts";
import { datasetFilesApi } from "./dataset-files.ts";
import { synthesisApi } from "./synthesis.ts";
import { traceItemsApi } from "./trace-items-api.ts";

/** The endpoints of the area data. */
export const dataEndpoints = {
  ...datasetsApi,
  ...traceItemsApi,
  ...curationApi,
  ...curationMapApi,
  ...synthesisApi,
  ...datasetFilesApi,
};

/** The endpoints of the area data by noun. */
export const dataTags: readonly Tag[] = [
  {
    name: "Datasets",
    description: "Datasets: drafts, versions, branches and items.",
    endpoints: [datasetsApi],
  },
  {
    name: "Traces to datasets",
    description: "Spans that become dataset items, once or as they arrive.",
    endpoints: [traceItemsApi],
  },
  {
    name: "Curation",
    description: "Steps that clean a dataset, quality reports, and maps of items by meaning.",
    endpoints: [curationApi, curationMapApi],
  },
  {
    name: "Synthesis",
    description: "Items that a model generates.",
    endpoints: [synthesisApi],
  },
  {
    name: "Dataset files",
    description: "Uploads, imports and exports of datasets as files.",
    endpoints: [datasetFilesApi],
  },
];
