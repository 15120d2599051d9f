export { mcpRoutes } from "./routes.ts";
export { createMcp } from "./service.ts";
