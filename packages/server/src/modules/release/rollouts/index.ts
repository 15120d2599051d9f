export type { ForDeployments, PreparedRollout } from "./for-deployments.ts";
export { openRollouts } from "./open.ts";
