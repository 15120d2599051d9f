export { createHarvest, harvestRoutes } from "./harvest.ts";
export { annotationRoutes } from "./routes.ts";
export { createAnnotation } from "./service.ts";
