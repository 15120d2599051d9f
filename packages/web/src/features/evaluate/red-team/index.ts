export { redTeamRoutes } from "./red-team-routes.ts";
