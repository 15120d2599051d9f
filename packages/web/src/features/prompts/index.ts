export { promptRoutes } from "./prompt-routes.ts";
