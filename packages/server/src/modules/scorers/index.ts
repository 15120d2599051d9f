export { familyOf } from "./judging/model-family.ts";
export { isRecord, readJson, readObjects } from "./judging/read-json.ts";
export { openKind } from "./open-kind.ts";
export { scorerRoutes } from "./routes.ts";
export { createScorers } from "./service.ts";
