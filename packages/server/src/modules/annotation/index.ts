export { harvestRoutes } from "./harvest/routes.ts";
export { createHarvest } from "./harvest/service.ts";
export { annotationRoutes } from "./routes.ts";
export { createAnnotation } from "./service.ts";
