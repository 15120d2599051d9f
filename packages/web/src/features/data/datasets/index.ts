export { datasetRoutes } from "./dataset-routes.ts";
