export { insightRoutes } from "./routes.ts";
export { createInsights } from "./service.ts";
