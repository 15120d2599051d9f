export { openAbTests } from "./open.ts";
