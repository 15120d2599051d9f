export type { Detector, Need } from "./detector.ts";
export { type Finding, type Span, VIEWS, type View } from "./finding.ts";
export { injection, injectionThreshold, scoreInjection } from "./injection/index.ts";
export type { PreparedText, TextView } from "./prepared-text.ts";
