import type { Span, View } from "../finding.ts";
import type { TextView } from "../prepared-text.ts";

/** The pieces of a view: the place of each in the view, and the part of the original that it stands for. */
type Pieces = {
  readonly places: number[];
  readonly starts: number[];
  readonly ends: number[];
  /** A copy has the length of its part; another piece stands for its part as a whole. */
  readonly copies: boolean[];
};

/**
 * Writes a view of a text piece by piece, from its beginning to its end. A piece is a copy, or stands for a part of the
 * text as a whole. Parts that are left out need no piece.
 */
export function createViewBuilder(original: string) {
  const parts: string[] = [];
  const pieces: Pieces = { places: [], starts: [], ends: [], copies: [] };
  let length = 0;
  const add = (piece: string, { start, end }: Span, isCopy: boolean) => {
    if (piece === "") return;
    parts.push(piece);
    pieces.places.push(length);
    pieces.starts.push(start);
    pieces.ends.push(end);
    pieces.copies.push(isCopy);
    length += piece.length;
  };
  return {
    copy: (start: number, end: number) => add(original.slice(start, end), { start, end }, true),
    replace: (span: Span, by: string) => add(by, span, false),
    /** Writes a line in which each character stands for the character at its place. */
    replaceEach(start: number, by: string) {
      add(by, { start, end: start + by.length }, true);
      add("\n", { start: start + by.length, end: start + by.length }, false);
    },
    length: () => length,
    build: (view: View): TextView => ({
      view,
      text: parts.join(""),
      toOriginal: (span) => placeOf(pieces, length, span),
    }),
  };
}

export type ViewBuilder = ReturnType<typeof createViewBuilder>;

function placeOf(pieces: Pieces, length: number, { start, end }: Span): Span {
  if (length === 0) return { start: 0, end: 0 };
  const from = Math.min(Math.max(start, 0), length - 1);
  const first = startOf(pieces, from);
  if (end <= start) return { start: first, end: first };
  return { start: first, end: Math.max(first, endOf(pieces, Math.min(end, length) - 1)) };
}

function startOf({ places, starts, copies }: Pieces, at: number): number {
  const piece = pieceAt(places, at);
  return (starts[piece] ?? 0) + (copies[piece] ? at - (places[piece] ?? 0) : 0);
}

function endOf({ places, starts, ends, copies }: Pieces, at: number): number {
  const piece = pieceAt(places, at);
  return copies[piece] ? (starts[piece] ?? 0) + at - (places[piece] ?? 0) + 1 : (ends[piece] ?? 0);
}

/** The last piece that begins at a place or before it. */
function pieceAt(places: readonly number[], at: number): number {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((places[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A text as a view of itself. */
export const sameView = (view: View, text: string): TextView => ({ view, text, toOriginal: (span) => span });

/** The view of a view. Its places are places of the original text. */
export const stackViews = (lower: TextView, upper: TextView): TextView => ({
  view: upper.view,
  text: upper.text,
  toOriginal: (span) => lower.toOriginal(upper.toOriginal(span)),
});
