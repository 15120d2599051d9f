export { openRedTeam } from "./open.ts";
