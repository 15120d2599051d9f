export { annotationRoutes } from "./annotation-routes.ts";
