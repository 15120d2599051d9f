export { liveScoringRoutes } from "./routes.ts";
export { createLiveScoring } from "./service.ts";
