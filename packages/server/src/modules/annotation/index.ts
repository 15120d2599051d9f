export { annotationRoutes } from "./routes.ts";
export { createAnnotation } from "./service.ts";
