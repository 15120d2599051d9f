export type { Detector, Need } from "./detector.ts";
export { findPrivate, hasPrivate, placeholderOf, replacePrivate } from "./find-private.ts";
export { type Finding, type Span, VIEWS, type View } from "./finding.ts";
export type { Match } from "./patterns/find-patterns.ts";
export { type Pattern, PRIVATE_GROUPS, type PrivateGroup } from "./patterns/pattern.ts";
export type { PreparedText, TextView } from "./prepared-text.ts";
