export { bisectRoutes } from "./bisect/routes.ts";
export { fromDatasets, fromPrompts } from "./from-modules.ts";
export { analysisRoutes, experimentRoutes, gateRoutes, runRoutes } from "./routes.ts";
export { createEvals, type Evals } from "./service.ts";
