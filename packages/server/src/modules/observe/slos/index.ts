export type { SloMonitors } from "./deps.ts";
export { openSlos } from "./open.ts";
