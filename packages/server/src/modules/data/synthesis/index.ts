export { openSynthesis } from "./open.ts";
