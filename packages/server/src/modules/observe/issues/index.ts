export { openIssues } from "./open.ts";
export type { Issues } from "./service.ts";
