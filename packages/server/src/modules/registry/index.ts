export type { ConversionSource } from "./conversions-service.ts";
export type { TrainedVersion } from "./from-training.ts";
export { mlflowRoutes, modelConversionRoutes, registryRoutes } from "./routes.ts";
export { createRegistry, type Registry } from "./service.ts";
