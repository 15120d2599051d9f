export { openExplore } from "./open.ts";
export { createExploreServices } from "./service.ts";
