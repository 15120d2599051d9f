export { familyOf } from "./judging/model-family.ts";
export { type OpenScorersDeps, openScorers } from "./open.ts";
export { openKind } from "./open-kind.ts";
export { createScorers } from "./service.ts";
