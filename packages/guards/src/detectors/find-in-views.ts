import type { Finding, Span } from "../finding.ts";
import type { PreparedText, TextView } from "../prepared-text.ts";
import { viewsOf } from "../text/prepare-text.ts";

/** What a detector finds in one view; the score is 1 if it is certain. */
export type Hit = Span & { readonly kind: string; readonly score?: number };

/** Searches each form of a text, and reports the places of the text as it is. */
export const findInViews = (
  detector: string,
  prepared: PreparedText,
  find: (text: string, view: TextView) => Iterable<Hit>,
): Finding[] => {
  const findings: Finding[] = [];
  for (const view of viewsOf(prepared))
    for (const { kind, score = 1, ...span } of find(view.text, view))
      findings.push({ ...view.toOriginal(span), detector, kind, score, view: view.view });
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
