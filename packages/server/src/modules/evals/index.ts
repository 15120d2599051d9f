export { fromDatasets, fromPrompts } from "./from-modules.ts";
export { experimentRoutes, runRoutes } from "./routes.ts";
export { createEvals } from "./service.ts";
