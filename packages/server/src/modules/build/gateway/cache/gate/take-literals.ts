/** Characters of the private use area, which mark the place of a literal. */
const BEFORE = "\uE000";
const AFTER = "\uE001";

/** Text whose every character counts: code, quotations, addresses, paths, options and identifiers. */
const LITERAL = new RegExp(
  [
    "```[\\s\\S]*?```",
    "`[^`\\n]+`",
    '"[^"\\n]+"',
    "“[^”\\n]+”",
    "«[^»\\n]+»",
    "„[^“”\\n]+[“”]",
    "「[^」\\n]+」",
    "(?<![\\p{L}\\p{N}])'[^'\\n]+'(?![\\p{L}\\p{N}])",
    "‘[^’\\n]+’(?!\\p{L})",
    "https?:\\/\\/[^\\s]*[^\\s.,;:!?)]",
    "[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+",
    "(?<!\\S)(?:~|\\.{1,2})?(?:\\/[\\w@-]+(?:\\.[\\w@-]+)*)+\\/?",
    "[A-Za-z]:\\\\[^\\s]*[^\\s.,;:!?)]",
    "(?<!\\S)--?[A-Za-z][\\w-]*",
    "[$@#][A-Za-z_]\\w*",
    "\\w*[A-Za-z0-9]_\\w+",
    "\\b[a-z]{2,}(?:[A-Z][a-z0-9]+)+\\b",
    "\\b[A-Za-z_][\\w.]*\\([^\\s)]*\\)",
  ].join("|"),
  "gu",
);
const QUOTES = /^(?:```|[`"“«„「'‘])|(?:```|[`"”»“」'’])$/g;

/** The literals of a text in order, and the text with a mark in the place of each. */
export function takeLiterals(text: string): { readonly rest: string; readonly literals: readonly string[] } {
  const literals: string[] = [];
  const rest = text.replaceAll(/[\uE000\uE001]/g, " ").replace(LITERAL, (literal) => {
    literals.push(literal.replaceAll(QUOTES, ""));
    return ` ${BEFORE}${literals.length - 1}${AFTER} `;
  });
  return { rest, literals };
}

/** Matches a mark of `takeLiterals`. */
export const MARK = /^\uE000\d+\uE001$/;
