import type { Span } from "../finding.ts";

/** A longer sentence is cut, so that a stream is never held back for longer. */
const LONGEST = 400;
const END = /[.!?]["')\]]*\s|[。！？\n]/g;

/** The whole sentences of a text from a place on. Whether a sentence is whole does not depend on the text after it. */
export function sentencesFrom(text: string, from: number): readonly Span[] {
  const sentences: Span[] = [];
  let start = from;
  for (let end = endOf(text, start); end !== null; end = endOf(text, start)) {
    sentences.push({ start, end });
    start = end;
  }
  return sentences;
}

function endOf(text: string, start: number): number | null {
  END.lastIndex = start;
  const match = END.exec(text);
  const end = match ? match.index + match[0].length : Number.POSITIVE_INFINITY;
  if (end <= start + LONGEST) return end;
  // One character more shows whether the cut would divide a pair of surrogates.
  if (text.length <= start + LONGEST) return null;
  return start + LONGEST + (isLowSurrogate(text, start + LONGEST) ? 1 : 0);
}

export const isHighSurrogate = (text: string, place: number): boolean => {
  const code = text.charCodeAt(place);
  return code >= 0xd800 && code <= 0xdbff;
};

export const isLowSurrogate = (text: string, place: number): boolean => {
  const code = text.charCodeAt(place);
  return code >= 0xdc00 && code <= 0xdfff;
};

/** All sentences of a text that has ended. */
export function allSentences(text: string): readonly Span[] {
  const whole = sentencesFrom(text, 0);
  const rest = whole.at(-1)?.end ?? 0;
  return rest < text.length ? [...whole, { start: rest, end: text.length }] : whole;
}
