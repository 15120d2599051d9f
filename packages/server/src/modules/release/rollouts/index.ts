export type { ForDeployments, PreparedRollout } from "./for-deployments.ts";
export { openRollouts } from "./open.ts";
export type { Rollouts } from "./service.ts";
