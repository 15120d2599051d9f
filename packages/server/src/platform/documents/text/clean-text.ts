/**
 * Control characters, byte order marks, soft hyphens, noncharacters, and the invisible tag characters, in which texts
 * can hide instructions. Tabs and line breaks remain.
 */
const DROPPED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it drops
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\ufeff\ufffe\uffff\u{e0000}-\u{e007f}]/gu;
/** Old Mac, Windows, vertical tab, form feed, next line, and the line and paragraph separators. */
const LINE_BREAKS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it replaces
  /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g;

/** A text in the canonical form: NFC, "\n" between lines, without control characters and halves of surrogate pairs. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(LINE_BREAKS, "\n").replace(DROPPED, "").normalize("NFC");
}
