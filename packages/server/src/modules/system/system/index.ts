export { openSystem } from "./open.ts";
