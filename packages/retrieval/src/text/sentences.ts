/** A stretch of a text: UTF-16 offsets; the end is exclusive. */
export type Span = { readonly start: number; readonly end: number };

const SENTENCES = new Intl.Segmenter(undefined, { granularity: "sentence" });
const LINE_BREAK = /\r\n|[\r\n\u2028\u2029\u0085]/g;
const ABBREVIATION =
  /(?:^|[\s(["'“‘])(?:\p{Lu}|[Dd]r|[Mm]rs?|[Mm]s|[Pp]rof|[Ss]t|[Jj]r|[Ss]r|[Ff]igs?|[Ee]qs?|[Nn]o|[Nn]r|[Vv]ol|[Cc]h|[Ss]ec|[Pp]p?|[Vv]s|[Cc]f|[Cc]a|[Ii]nc|[Ll]td|[Cc]o|[Cc]orp|[Aa]pprox|[Ee]\.g|[Ii]\.e|[Zz]\.[Bb]|[Bb]zw|[Uu]\.[Ss]|al|resp|incl|[Nn]os)\.["')\]”’]*\s*$/u;

/**
 * Whether a text that ends with a full stop ends with an abbreviation or an initial, after which a sentence continues. At most 16
 * characters before the end are read.
 */
export const endsWithAbbreviation = (text: string): boolean => ABBREVIATION.test(text.slice(-16));

/**
 * The sentences of a text by Unicode's rules (UAX 29, as ICU has them), without the white space around them. A line break inside the
 * text does not end a sentence, and neither does an abbreviation. Text in a language that does not mark sentences is one sentence.
 */
export function sentencesOf(text: string): readonly Span[] {
  const sentences: Span[] = [];
  let start = 0;
  let end = 0;
  for (const { segment, index } of SENTENCES.segment(text.replace(LINE_BREAK, (found) => " ".repeat(found.length)))) {
    end = index + segment.length;
    if (endsWithAbbreviation(segment)) continue;
    pushTrimmed(sentences, text, { start, end });
    start = end;
  }
  if (start < end) pushTrimmed(sentences, text, { start, end });
  return sentences;
}

function pushTrimmed(spans: Span[], text: string, span: Span): void {
  const trimmed = trimSpan(text, span);
  if (trimmed.start < trimmed.end) spans.push(trimmed);
}

/** A span without the white space at both ends; empty where it holds nothing else. */
export function trimSpan(text: string, { start, end }: Span): Span {
  const part = text.slice(start, end);
  const from = start + (part.length - part.trimStart().length);
  return { start: from, end: Math.max(from, start + part.trimEnd().length) };
}
