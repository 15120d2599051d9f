export { openShadows } from "./open.ts";
export type { Shadows } from "./service.ts";
export type { ShadowData } from "./to-experiment.ts";
