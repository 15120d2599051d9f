export { measuredRegistry, measuringExperiments } from "./from-modules.ts";
export { modelEvaluationRoutes } from "./routes.ts";
export { createModelEvaluations } from "./service.ts";
