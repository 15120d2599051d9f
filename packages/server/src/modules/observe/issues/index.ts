export { openIssues } from "./open.ts";
