export { fromDatasets, fromPrompts } from "./from-modules.ts";
export { analysisRoutes, experimentRoutes, gateRoutes, runRoutes } from "./routes.ts";
export { createEvals } from "./service.ts";
