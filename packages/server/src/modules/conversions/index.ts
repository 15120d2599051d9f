export { conversionRoutes } from "./routes.ts";
export { createModelConversions } from "./service.ts";
