export { openProbes } from "./open.ts";
export type { AskModel, Evaluations } from "./stores/deps.ts";
