export { optimisationRoutes } from "./optimisation-routes.ts";
