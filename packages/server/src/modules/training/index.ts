export type { Artifact, BaseModel, TrainingRegistry, VersionOrder } from "./deps.ts";
export { fineTuningRoutes, trainingRoutes } from "./routes.ts";
export { createTraining, type Training } from "./service.ts";
