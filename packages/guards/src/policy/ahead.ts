import type { Finding } from "../finding.ts";
import type { Trust } from "./policy.ts";

/** What a rule found in a text before its threshold and its action apply, or why it did not scan it. */
export type AheadFound = {
  readonly rule: number;
  readonly found: readonly Finding[] | "failed" | "timeout";
  readonly ms: number;
};
/** What the rules found in a text that was read beforehand, such as in another thread, and when that was. */
export type AheadRead = { readonly from: number; readonly to: number; readonly rules: readonly AheadFound[] };

/** A text of a call, and what decides which rules read it and what they find. */
export type AheadText = {
  readonly text: string;
  readonly trust: Trust;
  /** Whether it is what the model answers. */
  readonly isAnswer: boolean;
};
/** The texts of one call that were read beforehand. */
export type Ahead = {
  /** Undefined for a text that was not read. */
  of(text: AheadText): AheadRead | undefined;
};
