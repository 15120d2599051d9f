export { openConversions } from "./open.ts";
