export { createPricer } from "./prices/price-call.ts";
export { modelRoutes } from "./routes.ts";
export { createModels, type Models } from "./service.ts";
