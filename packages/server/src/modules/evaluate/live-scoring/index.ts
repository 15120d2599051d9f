export { makerOf } from "./maker-of.ts";
export { openLiveScoring } from "./open.ts";
export type { LiveScoring } from "./service.ts";
