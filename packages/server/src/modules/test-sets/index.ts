export { testSetRoutes } from "./routes.ts";
export { createTestSets } from "./service.ts";
