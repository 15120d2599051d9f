import type { Span } from "../text/sentences.ts";

const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** Text after a cut that the segmenter reads, so that it does not take the end of the window for a boundary. */
const AHEAD = 64;

export type Cutting = {
  readonly text: string;
  /** Whether a span has few enough tokens. */
  readonly fits: (span: Span) => boolean;
};

/**
 * Cuts a span that is too long into spans that fit and together cover it: at line ends, else between words, else between graphemes.
 * A grapheme that does not fit by itself is cut between code points, because the embedder would drop its end.
 */
export function cutLong(span: Span, cutting: Cutting): readonly Span[] {
  const pieces: Span[] = [];
  let start = span.start;
  let guess = span.end - start;
  while (start < span.end) {
    const end = cutOnce({ start, end: span.end }, Math.min(span.end, start + Math.ceil(guess * 1.25)), cutting);
    pieces.push({ start, end });
    guess = end - start;
    start = end;
  }
  return pieces;
}

/** The end of the first piece: the place before `limit` is halved and moved to a boundary until the piece fits. */
function cutOnce(span: Span, limit: number, { text, fits }: Cutting): number {
  const { start } = span;
  if (limit >= span.end && fits(span)) return span.end;
  let length = Math.min(limit, span.end) - start;
  while (length > 1) {
    const end = boundaryBefore(text, span, start + length);
    if (end > start && fits({ start, end })) return end;
    length = Math.floor((Math.min(length, Math.max(end - start, 2)) * 3) / 4);
  }
  return insideGrapheme(span, { text, fits });
}

/** The last good boundary at or before a place: a line end in its second half, else a word, else a grapheme; `start` if none. */
function boundaryBefore(text: string, span: Span, place: number): number {
  const { start } = span;
  if (place >= span.end) return span.end;
  const line = text.lastIndexOf("\n", place - 1) + 1;
  if (line > start + (place - start) / 2) return line;
  const window = text.slice(start, Math.min(span.end, place + AHEAD));
  const word = lastBoundary(WORDS, window, place - start);
  // Unicode has rare places between words that are inside a grapheme, such as after an Arabic number sign.
  return start + lastBoundary(GRAPHEMES, window, word > 0 ? word : place - start);
}

function lastBoundary(segmenter: Intl.Segmenter, window: string, place: number): number {
  const segment = segmenter.segment(window).containing(place);
  return segment === undefined ? place : segment.index;
}

/** The first grapheme where it fits; else as many of its code points as fit, at least one. */
function insideGrapheme({ start, end }: Span, { text, fits }: Cutting): number {
  const [first] = GRAPHEMES.segment(text.slice(start, Math.min(end, start + 4 * AHEAD)));
  const grapheme = start + (first?.segment.length ?? 1);
  if (fits({ start, end: grapheme })) return grapheme;
  let reached = start;
  for (const point of text.slice(start, grapheme)) {
    const next = reached + point.length;
    if (reached > start && !fits({ start, end: next })) break;
    reached = next;
  }
  return reached;
}
