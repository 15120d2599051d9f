export { createItemCheck } from "./check-schema.ts";
export { readMessages, textOfMessages } from "./from-traces/read-messages.ts";
export { traceItemRoutes } from "./from-traces/routes.ts";
export { createRowEncoder } from "./item-hash.ts";
export type { Manifest } from "./manifest.ts";
export { datasetRoutes } from "./routes.ts";
export { createDatasets, type Datasets } from "./service.ts";
export { SHAPES } from "./shapes/index.ts";
export { datasetFileRoutes } from "./transfer/routes.ts";
