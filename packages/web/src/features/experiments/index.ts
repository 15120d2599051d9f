export { experimentRoutes } from "./experiment-routes.ts";
