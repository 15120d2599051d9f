import type { Span } from "../finding.ts";
import { createKeywordSearch } from "./keywords.ts";
import type { Anchor, Pattern } from "./pattern.ts";
import { atWindows, digitWindows } from "./windows.ts";
import { withoutOverlaps } from "./without-overlaps.ts";

export type Match = Span & { readonly pattern: Pattern; readonly score: number };

/** More of one text is not read; one text must not hold up the rest. */
const MOST_CHARACTERS = 4_000_000;
const SHORTEST = 5;

/**
 * Finds the matches of patterns in a text, in order and without overlaps. If two overlap, the pattern that is earlier in
 * the list wins.
 */
export function createPatternSearch(patterns: readonly Pattern[]): (text: string) => Match[] {
  const findHints = createKeywordSearch(patterns.flatMap(({ hints }) => hints));
  return (text) => {
    if (text.length < SHORTEST) return [];
    const read = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text;
    const hints = findHints(read.toLowerCase());
    const windowsOf = openWindows(read);
    const matches: (Match & { readonly rank: number })[] = [];
    for (const [rank, pattern] of patterns.entries()) {
      if (pattern.hints.length > 0 && !pattern.hints.some((hint) => hints.has(hint))) continue;
      for (const { start, end } of windowsOf(pattern.anchor))
        for (const { score = 1, ...span } of pattern.find(read.slice(start, end)))
          matches.push({ start: span.start + start, end: span.end + start, score, pattern, rank });
    }
    return withoutOverlaps(matches);
  };
}

/** A quick look at a text: whether it has a place at which any of the patterns could match. */
export function createQuickLook(patterns: readonly Pattern[]): (text: string) => boolean {
  const findHints = createKeywordSearch(patterns.flatMap(({ hints }) => hints));
  const byAnchor = new Map(ANCHORS.map((anchor) => [anchor, patterns.filter((pattern) => pattern.anchor === anchor)]));
  return (text) => {
    const hints = findHints(text.toLowerCase());
    const isHinted = ({ hints: wanted }: Pattern) => wanted.length === 0 || wanted.some((hint) => hints.has(hint));
    return ANCHORS.some(
      (anchor) => byAnchor.get(anchor)?.some(isHinted) && (anchor === "anywhere" || windowsAt(anchor, text).length > 0),
    );
  };
}

const ANCHORS: readonly Anchor[] = ["anywhere", "at", "digits"];
const windowsAt = (anchor: "at" | "digits", text: string) => (anchor === "at" ? atWindows(text) : digitWindows(text));

/** Finds the windows of each anchor once. */
function openWindows(text: string): (anchor: Anchor) => readonly Span[] {
  const known = new Map<Anchor, readonly Span[]>([["anywhere", [{ start: 0, end: text.length }]]]);
  return (anchor) => {
    const existing = known.get(anchor);
    if (existing) return existing;
    const windows = anchor === "anywhere" ? [] : windowsAt(anchor, text);
    known.set(anchor, windows);
    return windows;
  };
}
