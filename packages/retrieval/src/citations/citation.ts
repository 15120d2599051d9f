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
   * The least share of a claim's content words that the passage must hold, above 0 to 1; 0.5 when left out. A paraphrase changes some
   * of its words, and a text on another subject shares few: see `threshold.test.ts` for the rates on sentences of both kinds.
   */
  readonly threshold?: number;
};

/** What happens to marks that the source does not support: they are removed, shown as unverified, or left as they are. */
export type MarkPolicy = "remove" | "flag" | "keep";
