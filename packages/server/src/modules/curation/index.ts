export type { CuratedDatasets } from "./curated-datasets.ts";
export { contentKey } from "./find-exact-duplicates.ts";
export { findNearDuplicates, NEAR_DEFAULTS } from "./find-near-duplicates.ts";
export { datasetMapRoutes } from "./map/routes.ts";
export { createDatasetMaps } from "./map/service.ts";
export { curationRoutes } from "./routes.ts";
export { countToxic } from "./rules/toxic.ts";
export { createCuration } from "./service.ts";
export { detectLanguage } from "./texts/detect-language.ts";
