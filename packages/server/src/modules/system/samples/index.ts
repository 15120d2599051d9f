export { openSamples } from "./open.ts";
