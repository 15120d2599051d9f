export { promptRoutes } from "./routes.ts";
export { createPrompts } from "./service.ts";
