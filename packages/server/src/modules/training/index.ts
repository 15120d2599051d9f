export { fineTuningRoutes, trainingRoutes } from "./routes.ts";
export { createTraining, type Training } from "./service.ts";
