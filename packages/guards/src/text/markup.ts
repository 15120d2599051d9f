import type { Span } from "../finding.ts";
import type { TextView } from "../prepared-text.ts";
import { createViewBuilder } from "./view-builder.ts";

const HINT = /<!--|!\[|\[\/\/\]|\b(?:alt|title|style|aria-label)\s?=/i;
/** Texts for screen readers, and Markdown comments. */
const LABELS =
  /!\[(?<image>[^[\]\n]{1,500})\]\(|\b(?:alt|title|aria-label)\s?=\s?"(?<double>[^"<>]{1,500})"|\b(?:alt|title|aria-label)\s?=\s?'(?<single>[^'<>]{1,500})'|^\[\/\/\]:\s?#\s?[("'](?<comment>[^\n]{1,500})[)"']/gim;
/** The text of an element that its style hides. */
const HIDDEN =
  /<\w{1,20}\s[^<>]{0,300}?(?:display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0|opacity\s?:\s?0|color\s?:\s?(?:#fff(?:fff)?|white)\b)[^<>]{0,300}>(?<hidden>[^<]{1,2000})/gi;

/** What a person does not see of HTML and Markdown: comments, texts in place of images, hidden elements. */
export function hiddenMarkup(text: string): TextView | null {
  if (!HINT.test(text)) return null;
  const spans = [...comments(text), ...groupsOf(text, LABELS), ...groupsOf(text, HIDDEN)];
  if (spans.length === 0) return null;
  const builder = createViewBuilder(text);
  let from = 0;
  for (const { start, end } of spans.toSorted((one, two) => one.start - two.start)) {
    if (start < from) continue;
    builder.copy(start, end);
    builder.replace({ start: end, end }, "\n");
    from = end;
  }
  return builder.build("markup");
}

/** A comment without an end goes on to the end of the text, as in a browser. */
function comments(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf("<!--"); at >= 0; ) {
    const close = text.indexOf("-->", at + 4);
    const end = close < 0 ? text.length : close;
    spans.push({ start: at + 4, end });
    at = close < 0 ? -1 : text.indexOf("<!--", end);
  }
  return spans;
}

const groupsOf = (text: string, pattern: RegExp): Span[] =>
  [...text.matchAll(pattern)].map((match) => {
    const value = Object.values(match.groups ?? {}).find((group) => group !== undefined) ?? "";
    const start = match.index + match[0].lastIndexOf(value);
    return { start, end: start + value.length };
  });
