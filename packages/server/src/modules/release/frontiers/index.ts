export { openFrontiers } from "./open.ts";
