import type { NotScanned, Trust } from "./policy.ts";

/** What a detector that answers later found in a text, which it judges as a whole. */
export type LateFinding = {
  readonly kind: string;
  /** From 0 to 1. */
  readonly score: number;
};
export type LateAsking = {
  /** Where the text comes from. */
  readonly trust: Trust;
  /** The threshold of the rule. The detector leaves out what is below it. */
  readonly threshold: number;
  /** Aborted when the time of the rule is over. */
  readonly signal: AbortSignal;
};

/**
 * A detector that asks somewhere else, such as another service or a model, and therefore answers later. It reads a text as
 * the other rules of the policy let it through: what they mask or redact never leaves.
 */
export type LateDetector<Options = undefined> = {
  readonly name: string;
  /** Grows whenever the detector can find something else than before. */
  readonly version: number;
  find(text: string, options: Options, asking: LateAsking): Promise<readonly LateFinding[]>;
};
export type LateDetectors = ReadonlyMap<string, LateDetector<unknown>>;

/** What a rule with such a detector found in a text, or why it did not scan it. */
export type LateAnswer = {
  readonly rule: number;
  /** From the question to the answer, on the clock of the judgement. */
  readonly from: number;
  readonly to: number;
} & ({ readonly findings: readonly LateFinding[] } | { readonly reason: NotScanned });

/** The answers of such detectors for the texts of one call. */
export type LateChecks = {
  /** Whether a detector of this name answers later. */
  has(detector: string): boolean;
  /** Whether texts of this trust must be asked about. */
  isNeeded(trust: Trust): boolean;
  /** Asks all rules for a text at the same time. Each text is asked about once. Never rejects. */
  ask(text: string, trust: Trust): Promise<void>;
  /** The answers for a text; undefined for one that was not asked about. */
  answersOf(text: string, trust: Trust): readonly LateAnswer[] | undefined;
};
