export type { TrainedVersion } from "./from-training.ts";
export { mlflowRoutes, registryRoutes } from "./routes.ts";
export { createRegistry, type Registry } from "./service.ts";
