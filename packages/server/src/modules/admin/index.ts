export { systemRoutes } from "./routes.ts";
export { createAdmin } from "./service.ts";
