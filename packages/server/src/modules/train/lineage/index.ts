export type { LineageDeps } from "./deps.ts";
export { tracedModules } from "./from-modules.ts";
export { openLineage } from "./open.ts";
