import type { Finding } from "../finding.ts";
import type { Action, NotScanned } from "./policy.ts";
import type { RuleRead } from "./rule-times.ts";

/** A finding under a rule. */
export type JudgedFinding = Finding & {
  /** The place of the rule in the policy, from 0. */
  readonly rule: number;
  readonly action: Action;
};

/** A rule that could not scan a text. */
export type Unscanned = { readonly rule: number; readonly reason: NotScanned; readonly isBlocking: boolean };

export type Verdict = {
  readonly findings: readonly JudgedFinding[];
  /** The strongest action of all findings and of all failures that block. */
  readonly action: Action | "allow";
  /**
   * The text with the findings replaced whose action is mask, redact or block. A blocked text must not be sent on; its changed
   * form is for records only.
   */
  readonly text: string;
  /** Why at least one rule did not scan the text; null if all did. */
  readonly notScanned: NotScanned | null;
  readonly unscanned: readonly Unscanned[];
  /** When each rule that applies read the text. */
  readonly reads: readonly RuleRead[];
  readonly ms: number;
};
