export { scorerRoutes } from "./routes.ts";
export { createScorers } from "./service.ts";
