export { makerOf } from "./maker-of.ts";
export { liveScoringRoutes } from "./routes.ts";
export { createLiveScoring, type LiveScoring } from "./service.ts";
