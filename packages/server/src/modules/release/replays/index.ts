export { openReplays } from "./open.ts";
