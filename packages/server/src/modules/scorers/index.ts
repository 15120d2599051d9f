export type { BoundScorer } from "./bind-scorers.ts";
export { isRecord, readJson, readObjects } from "./judging/read-json.ts";
export { openKind } from "./open-kind.ts";
export { scorerRoutes } from "./routes.ts";
export { createScorers, type Scorers } from "./service.ts";
