/** A number in groups of three digits, such as 70,000 or 1.250.000. */
const GROUPED_NUMBER = /^\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3}){2,})$/;
/** Dots and commas within a number or a version stay: 3.5 is one part. */
const JOINERS = /(?<!\d)[.,]|[.,](?!\d)|['_·\-‐‑]+/;
/** Where the case changes (maxTokens, HTTPServer), and between letters and digits. */
const CASE_CHANGES = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{Nd})|(?<=\p{Nd})(?=\p{L})/u;
const PLAIN = /^(?:\p{Lu}?[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{Nd}*)$/u;

/**
 * The parts of a word, and the word as a whole without its joiners if it has several parts: `maxTokens` and `max_tokens`
 * both give max, tokens and maxtokens. Grouped numbers lose their separators.
 */
export function splitWord(word: string): string[] {
  if (PLAIN.test(word)) return [word];
  if (GROUPED_NUMBER.test(word)) return [word.replaceAll(/[.,]/g, "")];
  if (/[+#]$/.test(word)) return [word];
  const joined = word.split(JOINERS).filter(Boolean);
  const parts = joined.flatMap((part) => part.split(CASE_CHANGES));
  return parts.length === 1 ? parts : [...parts, joined.join("")];
}
