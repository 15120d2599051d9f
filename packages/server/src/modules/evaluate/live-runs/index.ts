export { openLiveRuns } from "./open.ts";
