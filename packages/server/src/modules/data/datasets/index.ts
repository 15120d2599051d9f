export { createRowEncoder } from "./chunks/item-hash.ts";
export type { Manifest } from "./chunks/manifest.ts";
export { readMessages, textOfMessages } from "./from-traces/read-messages.ts";
export { createItemCheck } from "./items/check-schema.ts";
export { openDatasets } from "./open.ts";
export { createDatasets, type Datasets } from "./service.ts";
export { SHAPES } from "./shapes/index.ts";
