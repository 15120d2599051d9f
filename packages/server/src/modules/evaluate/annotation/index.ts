export { openAnnotation, openHarvest } from "./open.ts";
