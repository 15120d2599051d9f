import type { Finding } from "./finding.ts";
import type { PreparedText } from "./prepared-text.ts";

/**
 * What a detector needs to see of a stream before a verdict on its beginning is final: so many code units after the first
 * one that can still become a match, a whole sentence, or all of the text.
 */
export type Need = { readonly upTo: number } | "sentence" | "whole";

/** Finds one sort of thing in a text. It reads a bounded number of characters from each place, so time grows linearly. */
export type Detector<Options = undefined> = {
  /** The same everywhere: policies, spans, dashboards. For example `secrets`. */
  readonly name: string;
  /** Grows whenever the detector can find something else than before. */
  readonly version: number;
  /** Whether a finding is certain by its form, such as a checksum. A probability is not. */
  readonly isDeterministic: boolean;
  readonly need: Need;
  find(text: PreparedText, options: Options): readonly Finding[];
};
