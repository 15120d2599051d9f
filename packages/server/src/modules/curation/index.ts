export { curationRoutes } from "./routes.ts";
export { createCuration } from "./service.ts";
