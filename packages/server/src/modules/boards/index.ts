export { boardRoutes } from "./routes.ts";
export { createBoards } from "./service.ts";
