export { sweptTraining } from "./from-training.ts";
export { sweepRoutes } from "./routes.ts";
export { createSweeps } from "./service.ts";
