import type { Finding, Span } from "../finding.ts";
import type { PreparedText, TextView } from "../prepared-text.ts";
import { viewsOf } from "../text/prepare-text.ts";

/** What a detector finds in one view; the score is 1 if it is certain. */
export type Hit = Span & { readonly kind: string; readonly score?: number };

type Find = (text: string, view: TextView) => Iterable<Hit>;

/**
 * Searches the forms of a text that can be told from a part of it, and reports the places of the text as it is,
 * each once. Rotated letters
 * are left out: any word of a line can show that the line has them, so a stream could not be told from its beginning.
 */
export const findInViews = (detector: string, prepared: PreparedText, find: Find): Finding[] =>
  findIn(
    [...viewsOf(prepared)].filter(({ view }) => view !== "rot13"),
    detector,
    find,
  );

/** The same with all forms, for detectors that need the whole text. */
export const findInEveryView = (detector: string, prepared: PreparedText, find: Find): Finding[] =>
  findIn(viewsOf(prepared), detector, find);

const findIn = (views: Iterable<TextView>, detector: string, find: Find): Finding[] => {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const view of views)
    for (const { kind, score = 1, ...span } of find(view.text, view)) {
      const place = view.toOriginal(span);
      const key = `${place.start} ${place.end} ${kind}`;
      if (seen.has(key)) continue;
      seen.add(key);
      findings.push({ ...place, detector, kind, score, view: view.view });
    }
  return findings;
};

/** The findings of one detector in a text as it is. */
export const findInText = (detector: string, hits: Iterable<Hit>): Finding[] =>
  Array.from(hits, ({ start, end, kind, score = 1 }) => ({ start, end, detector, kind, score, view: "text" as const }));

/** A text in lower case with as many code units: the few letters that grow stay as they are. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (sign) => (sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign)).join("");
}
