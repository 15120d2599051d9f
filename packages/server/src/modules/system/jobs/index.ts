export { openJobs } from "./open.ts";
