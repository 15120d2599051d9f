export { forwardingRoutes } from "./routes.ts";
export { createForwarding } from "./service.ts";
