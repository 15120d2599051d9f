export type { AskForLabel } from "./deps.ts";
export { openTopics } from "./open.ts";
