export type { JudgeErrorsOf, SloMonitors } from "./deps.ts";
export { openSlos } from "./open.ts";
