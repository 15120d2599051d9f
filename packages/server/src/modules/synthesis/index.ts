export { synthesisRoutes } from "./routes.ts";
export { createSynthesis } from "./service.ts";
