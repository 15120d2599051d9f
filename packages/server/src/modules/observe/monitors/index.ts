export { openMonitors } from "./open.ts";
export type { Monitors } from "./service.ts";
