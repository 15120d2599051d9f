import type { Span, View } from "./finding.ts";

/** One form of a text, with the place of each of its code units in the text as it is. */
export type TextView = {
  readonly view: View;
  readonly text: string;
  /** The place in the original text that a place of this view stands for. */
  toOriginal(span: Span): Span;
};

/** A text, read once for all detectors: views are made on first use. */
export type PreparedText = {
  /** As it is. */
  readonly text: string;
  readonly normalized: TextView;
  /** Decoded parts and hidden text, one level deep. */
  readonly hidden: readonly TextView[];
};
