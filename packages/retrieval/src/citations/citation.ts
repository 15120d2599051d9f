import type { SupportReason } from "./find-support.ts";

/** A text that an answer can cite by its number. */
export type CitedSource = { readonly number: number; readonly text: string };

/**
 * A number of a mark in an answer. Offsets are UTF-16 offsets with an exclusive end: of claim and mark in the answer, of the source in
 * the source's text.
 */
export type Citation = {
  readonly number: number;
  /** The place of the source in the list of sources; -1 where the list has no source with this number. */
  readonly sourceIndex: number;
  readonly claimStart: number;
  readonly claimEnd: number;
  readonly markStart: number;
  readonly markEnd: number;
  /** The passage of the source; empty where nothing of the claim was found. */
  readonly quote: string;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly verified: boolean;
  /** From 0 to 1: the share of the claim's content words in the passage; 1 for a quote. */
  readonly score: number;
  readonly reason: SupportReason;
};

export type VerifyOptions = {
  /**
   * The least share of a claim's content words that the passage must hold, above 0 to 1; 0.5 when left out.
   *
   * Measured on XQuAD (English), with each of its 1,190 questions and its answer as a claim. At 0.5 the claim's own paragraph is
   * accepted for 94.3 % of the claims, another paragraph of the same article for 2.8 %, and other articles for none of 5,950 pairs. At
   * 0.4 these are 97.1 %, 5.1 % and 0.1 %; at 0.6 they are 84.7 %, 1.1 % and 0 %. Shared words do not show a negation: a judge does. A source
   * that is cited together with others may hold half of this share, where all of them together hold it.
   */
  readonly threshold?: number;
};

/** What happens to marks that the source does not support: they are removed, shown as unverified, or left as they are. */
export type MarkPolicy = "remove" | "flag" | "keep";
