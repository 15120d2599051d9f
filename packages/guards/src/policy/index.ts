export { openGroups } from "../stream/open-groups.ts";
export { createStreamGuard, type StreamGuard, type StreamVerdict } from "../stream/stream-guard.ts";
export type { Ahead, AheadFound, AheadRead, AheadText } from "./ahead.ts";
export { findAhead } from "./find-whole.ts";
export { judgeCall } from "./judge-call.ts";
export { judgeText, judgeUnknown } from "./judge-text.ts";
export type { LateAsking, LateChecks, LateDetector, LateDetectors, LateFinding } from "./late.ts";
export { createLateChecks } from "./late-checks.ts";
export { createMasks, createRestorer, type MaskEntry, type Masks, markOf } from "./masks.ts";
export {
  ACTIONS,
  type Action,
  FAILURES,
  NOT_SCANNED,
  type NotScanned,
  type Policy,
  type Possible,
  type Rule,
  strongest,
  TRUSTS,
  type Trust,
} from "./policy.ts";
export { type Refusal, readLanguages, refusalIn } from "./refusal.ts";
export type { RuleRead } from "./rule-times.ts";
export { activeRules, type Detectors, type Judging, MOST_CHARACTERS } from "./run-rule.ts";
export type { CallDetector, CallDetectors, ToolCalled } from "./tool-call.ts";
export type { JudgedFinding, Unscanned, Verdict } from "./verdict.ts";
