export { openRollouts } from "./open.ts";
