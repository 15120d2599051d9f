export type { Detector, Need } from "./detector.ts";
export { type Finding, type Span, VIEWS, type View } from "./finding.ts";
export { judgeText, judgeUnknown } from "./policy/judge-text.ts";
export { createMasks, createRestorer, type MaskEntry, type Masks } from "./policy/masks.ts";
export {
  ACTIONS,
  type Action,
  FAILURES,
  NOT_SCANNED,
  type NotScanned,
  type Policy,
  type Rule,
  strongest,
  TRUSTS,
  type Trust,
} from "./policy/policy.ts";
export type { Detectors, Judging } from "./policy/run-rule.ts";
export type { JudgedFinding, Unscanned, Verdict } from "./policy/verdict.ts";
export type { PreparedText, TextView } from "./prepared-text.ts";
export { openGroups } from "./stream/open-groups.ts";
export { createStreamGuard, type StreamGuard, type StreamVerdict } from "./stream/stream-guard.ts";
