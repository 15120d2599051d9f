export { openRetrieval } from "./open.ts";
