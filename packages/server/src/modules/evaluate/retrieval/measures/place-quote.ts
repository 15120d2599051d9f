export type Span = { readonly start: number; readonly end: number };

/**
 * Where a text has a quote: the occurrence nearest to where it was. White space may differ, as it does between two readings of a
 * document. Null if the text lacks it.
 */
export function placeQuote(text: string, quote: string, near = 0): Span | null {
  if (quote === "") return null;
  if (text.startsWith(quote, near)) return { start: near, end: near + quote.length };
  const words = quote.trim().split(/\s+/).map(escapePattern);
  let best: Span | null = null;
  for (const { index: start, 0: found } of text.matchAll(new RegExp(words.join("\\s+"), "gu"))) {
    if (best === null || Math.abs(start - near) < Math.abs(best.start - near))
      best = { start, end: start + found.length };
  }
  return best;
}

/** Each sign as its number, since not every sign can be escaped by a backslash. */
const escapePattern = (word: string) =>
  Array.from(word, (sign) => (/[\p{L}\p{N}]/u.test(sign) ? sign : `\\u{${sign.codePointAt(0)?.toString(16)}}`)).join(
    "",
  );
