import type { Span } from "../finding.ts";
import type { Anchor, Pattern } from "./pattern.ts";
import { atWindows, digitWindows } from "./windows.ts";

export type Match = Span & { readonly pattern: Pattern };
type Ranked = Match & { readonly rank: number };

/** More of one text is not read; one text must not hold up the rest. */
const MOST_CHARACTERS = 4_000_000;
const SHORTEST = 5;

/** The matches in a text, in order and without overlaps. If two overlap, the pattern that is earlier in the list wins. */
export function findPatterns(text: string, patterns: readonly Pattern[]): Match[] {
  if (text.length < SHORTEST) return [];
  const read = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text;
  const windows = openWindows(read);
  const matches: Ranked[] = [];
  for (const [rank, pattern] of patterns.entries()) {
    const parts = windows(pattern.anchor);
    if (parts.length === 0 || !mayMatch(read, pattern)) continue;
    for (const { start, end } of parts)
      for (const span of pattern.find(start === 0 && end === read.length ? read : read.slice(start, end)))
        matches.push({ start: span.start + start, end: span.end + start, pattern, rank });
  }
  return withoutOverlaps(matches);
}

const mayMatch = (text: string, { hints }: Pattern): boolean =>
  hints.length === 0 || hints.some((hint) => text.includes(hint));

/** Finds the windows of each sort once. */
function openWindows(text: string): (anchor: Anchor) => readonly Span[] {
  const known = new Map<Anchor, readonly Span[]>([["anywhere", [{ start: 0, end: text.length }]]]);
  return (anchor) => {
    const existing = known.get(anchor);
    if (existing) return existing;
    const windows = anchor === "at" ? atWindows(text) : digitWindows(text);
    known.set(anchor, windows);
    return windows;
  };
}

/** Each place goes to the first pattern that matches it. */
function withoutOverlaps(matches: readonly Ranked[]): Match[] {
  const accepted: Ranked[] = [];
  for (const match of matches.toSorted((one, two) => one.start - two.start || one.rank - two.rank)) {
    const last = accepted.at(-1);
    if (!last || match.start >= last.end) accepted.push(match);
    else if (match.rank < last.rank) accepted[accepted.length - 1] = match;
  }
  return accepted;
}
