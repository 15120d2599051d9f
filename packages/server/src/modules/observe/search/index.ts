export { openSearch } from "./open.ts";
