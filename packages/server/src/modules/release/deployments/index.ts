export { openDeployments } from "./open.ts";
export type { Deployments } from "./service.ts";
