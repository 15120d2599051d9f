export { openMcp } from "./open.ts";
