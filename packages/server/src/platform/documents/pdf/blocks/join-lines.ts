import { isSpaceless } from "../lines/scripts-of-text.ts";
import type { Line } from "../page-parts.ts";

/** Where a line is in a text. */
export type Span = { readonly start: number; readonly end: number; readonly lines: readonly Line[] };
export type Passage = { readonly text: string; readonly spans: readonly Span[] };

const SOFT_HYPHEN = "\u00ad";
/** A letter and a hyphen. The next line starts in lower case if the word continues there. */
const CUT_WORD = /\p{L}[-\u2010]$/u;
const STARTS_LOWER = /^\p{Ll}/u;

/**
 * Lines as running text. A word that a hyphen cuts at the end of a line is whole again. Scripts without spaces between words get none
 * between lines. Spans do not include the hyphens that fall away.
 */
export function joinLines(lines: readonly Line[]): Passage {
  const spans: Span[] = [];
  let text = "";
  for (const line of lines) {
    const isCut = text.endsWith(SOFT_HYPHEN) || (CUT_WORD.test(text) && STARTS_LOWER.test(line.text));
    if (isCut) {
      text = text.slice(0, -1);
      const last = spans.pop();
      if (last !== undefined) spans.push({ ...last, end: text.length });
    } else if (text !== "" && !(isSpaceless(text.slice(-1)) && isSpaceless(line.text.slice(0, 1)))) {
      text += " ";
    }
    const start = text.length;
    text += withoutSoftHyphens(line.text);
    spans.push({ start, end: text.length, lines: [line] });
  }
  return { text, spans };
}

/** A soft hyphen inside a line is invisible; one at its end is a cut. */
const withoutSoftHyphens = (text: string) => text.replace(/\u00ad(?!$)/g, "");

/** Width of a letter of a monospaced font, in em. */
const MONO_WIDTH = 0.6;
const DEEPEST_INDENT = 60;

/** Lines of code, with their indentation and blank lines. */
export function joinCode(lines: readonly Line[]): Passage {
  const left = Math.min(...lines.map(({ start }) => start));
  const spans: Span[] = [];
  let text = "";
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1];
    const isApart = above !== undefined && line.baseline - above.baseline > 1.8 * line.size;
    if (index > 0) text += isApart ? "\n\n" : "\n";
    const indent = Math.round((line.start - left) / (MONO_WIDTH * Math.max(line.size, 1)));
    if (index > 0 || indent > 0) text += " ".repeat(Math.min(indent, DEEPEST_INDENT));
    const start = text.length;
    text += line.text;
    spans.push({ start, end: text.length, lines: [line] });
  }
  return { text, spans };
}
