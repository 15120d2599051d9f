export type { JudgeErrorsOf, SloMonitors } from "./deps.ts";
export { openSlos } from "./open.ts";
export type { OpenIncidents } from "./status-page/deps.ts";
