export { computeTargetRoutes } from "./routes.ts";
export { type ComputeCluster, type ComputeTargets, createComputeTargets } from "./service.ts";
