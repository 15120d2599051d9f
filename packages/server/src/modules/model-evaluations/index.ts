export { modelEvaluationRoutes } from "./routes.ts";
export { createModelEvaluations } from "./service.ts";
