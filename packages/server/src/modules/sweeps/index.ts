export { sweepRoutes } from "./routes.ts";
export { createSweeps } from "./service.ts";
