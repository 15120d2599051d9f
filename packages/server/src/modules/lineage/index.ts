export { tracedModules } from "./from-modules.ts";
export { lineageRoutes } from "./routes.ts";
export { createLineage } from "./service.ts";
