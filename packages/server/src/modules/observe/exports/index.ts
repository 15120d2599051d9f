export { openExports } from "./open.ts";
export { createScheduledExports } from "./service.ts";
