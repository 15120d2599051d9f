export { exportRoutes } from "./routes.ts";
export { createScheduledExports } from "./service.ts";
