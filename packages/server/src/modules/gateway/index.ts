export type { Completion } from "./complete.ts";
export { createProviderModels } from "./provider-models.ts";
export { gatewayRoutes } from "./routes.ts";
export { createGateway } from "./service.ts";
