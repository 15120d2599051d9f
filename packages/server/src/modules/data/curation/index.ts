export { contentKey } from "./duplicates/find-exact-duplicates.ts";
export { findNearDuplicates } from "./duplicates/find-near-duplicates.ts";
export { textOf as itemText } from "./items/item-text.ts";
export { maskItem } from "./items/mask-item.ts";
export { openCuration, openDatasetMaps } from "./open.ts";
export { detectLanguage } from "./rules/detect-language.ts";
export type { Curation } from "./service.ts";
export type { CuratedDatasets } from "./stores/curated-datasets.ts";
