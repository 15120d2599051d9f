export { openTestSets } from "./open.ts";
