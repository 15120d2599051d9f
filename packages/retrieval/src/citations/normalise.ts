import type { Span } from "../text/sentences.ts";

/** A text in the form in which quotes are compared, with the way back to its offsets. */
export type Normalised = {
  readonly text: string;
  /** The span in the original text of a span of the normalised text. */
  readonly toOriginal: (span: Span) => Span;
};

const UNITS = /\s+|\P{M}\p{M}*|\p{M}+/gu;
const SAME: ReadonlyMap<string, string> = new Map([
  ...[..."‘’‚‛′`´"].map((quote) => [quote, "'"] as const),
  ...[..."“”„‟«»″"].map((quote) => [quote, '"'] as const),
  ...[..."‐‑‒–—―−"].map((dash) => [dash, "-"] as const),
  ...[..."\u00ad\u200b\u200c\u200d\u2060\ufeff*"].map((ignored) => [ignored, ""] as const),
]);

/**
 * Brings a text into the form in which quotes are compared: NFKC, lower case, one space for white space, plain quotes and dashes,
 * without invisible characters and the asterisks of Markdown.
 */
export function normalise(original: string): Normalised {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = "";
  for (const { 0: unit, index } of original.matchAll(UNITS)) {
    const plain = /^\s/.test(unit) ? " " : (SAME.get(unit) ?? sameOf(unit));
    for (let place = 0; place < plain.length; place += 1) {
      starts.push(index);
      ends.push(index + unit.length);
    }
    text += plain;
  }
  return {
    text,
    toOriginal: ({ start, end }) => ({ start: starts[start] ?? original.length, end: ends[end - 1] ?? 0 }),
  };
}

const sameOf = (unit: string): string =>
  [...unit.normalize("NFKC").toLowerCase()].map((character) => SAME.get(character) ?? character).join("");
