export type { BoundScorer } from "./bind-scorers.ts";
export { scorerRoutes } from "./routes.ts";
export { createScorers, type Scorers } from "./service.ts";
