export { sqlRoute } from "./sql-routes.ts";
