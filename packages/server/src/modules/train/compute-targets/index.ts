export { openComputeTargets } from "./open.ts";
export { type ComputeCluster, type ComputeTargets, createComputeTargets, listSealedTokens } from "./service.ts";
