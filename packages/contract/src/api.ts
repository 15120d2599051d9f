import { buildEndpoints, buildTags } from "./build/api.ts";
import { dataEndpoints, dataTags } from "./data/api.ts";
import { evaluateEndpoints, evaluateTags } from "./evaluate/api.ts";
import { observeEndpoints, observeTags } from "./observe/api.ts";
import { releaseEndpoints, releaseTags } from "./release/api.ts";
import { systemEndpoints, systemTags } from "./system/api.ts";
import { trainEndpoints, trainTags } from "./train/api.ts";

/** Every endpoint of the product, by area. */
export const api = {
  ...systemEndpoints,
  ...observeEndpoints,
  ...buildEndpoints,
  ...dataEndpoints,
  ...evaluateEndpoints,
  ...trainEndpoints,
  ...releaseEndpoints,
};
export type TreadleApi = typeof api;

/** The areas of the product in the order of the navigation, each with its nouns. */
export const AREAS = [
  { name: "Observe", tags: observeTags },
  { name: "Build", tags: buildTags },
  { name: "Data", tags: dataTags },
  { name: "Evaluate", tags: evaluateTags },
  { name: "Train", tags: trainTags },
  { name: "Release", tags: releaseTags },
  { name: "System", tags: systemTags },
];
