/** A place in a text, in UTF-16 code units: the first one and the one after the last. */
export type Span = { readonly start: number; readonly end: number };

/**
 * The form of a text in which something was found: as it is, normalized, or a part of it decoded. Offsets of a finding
 * always are offsets of the text as it is.
 */
export const VIEWS = ["text", "normalized", "base64", "hex", "url", "rot13", "markup", "tags"] as const;
export type View = (typeof VIEWS)[number];

/** What a detector found in a text. It never holds the value. */
export type Finding = Span & {
  /** The detector, for example `secrets`. */
  readonly detector: string;
  /** What it is, for example `github-token`. */
  readonly kind: string;
  /** From 0 to 1: 1 for a checksum or an issuer's prefix, and a probability for a model. */
  readonly score: number;
  readonly view: View;
  /** What the place should be instead, if the detector can repair the text. Rules that change texts put it there. */
  readonly replacement?: string;
};
