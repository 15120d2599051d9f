import { POLITE_END, POLITE_START, WITHOUT_APOSTROPHE } from "./english-words.ts";

/** A word as it was written, and in lower case. */
export type Word = { readonly written: string; readonly lower: string; readonly isFirst: boolean };

const WORD = new RegExp(
  [
    "\\uE000\\d+\\uE001",
    "(?:(?<![\\p{L}\\p{N}])-)?\\p{N}+(?:[.,:]\\p{N}+)*",
    "[\\p{L}\\p{M}][\\p{L}\\p{M}\\p{N}]*(?:'\\p{L}+)*(?:\\+\\+|#)?",
    "\\p{Extended_Pictographic}",
    // Signs of sums, currencies and shares. A hyphen between words joins them.
    "(?<=[\\p{N})])!|(?<=[\\p{N})] ?)-(?= ?[\\p{N}(])|(?<!\\p{L})\\/|[$€£¥%°^=<>*~@#|\\\\+]",
  ].join("|"),
  "gu",
);
const SENTENCE_START = /(?:^|[.?!:]\s*)$/;

/** A folded text without its polite beginning and end. */
export const withoutCourtesy = (text: string) => text.replace(POLITE_END, "").replace(POLITE_START, "");

/** The words, numbers, signs and marks of a folded text, without punctuation. */
export function splitWords(text: string, isEnglish: boolean): Word[] {
  const asked = isEnglish ? withoutCourtesy(text) : text;
  return [...asked.matchAll(WORD)].flatMap(({ 0: written, index }) => {
    const isFirst = SENTENCE_START.test(asked.slice(Math.max(0, index - 3), index));
    const parts = isEnglish ? expand(written) : [written];
    return parts.map((part) => ({ written: part, lower: numberOf(part.toLowerCase()), isFirst }));
  });
}

/** `don't` is two words, and `France's` is one. */
function expand(written: string): string[] {
  const word = WITHOUT_APOSTROPHE.get(written.toLowerCase()) ?? written;
  const [, stem = "", ending = ""] = /^(.+?)(n't|'\p{L}+)$/iu.exec(word) ?? [];
  if (stem === "") return word.toLowerCase() === "cannot" ? ["can", "not"] : [word];
  const rest = ending.toLowerCase();
  if (rest === "n't") return [IRREGULAR.get(stem.toLowerCase()) ?? stem, "not"];
  if (rest === "'ll" || rest === "'d") return [stem, "would"];
  return ["'s", "'re", "'m", "'ve"].includes(rest) ? [stem] : [word];
}

/** The stems of can't, won't and shan't. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ["ca", "can"],
  ["wo", "will"],
  ["sha", "shall"],
]);

/** 1,000 is 1000. */
const numberOf = (word: string) => (/^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(word) ? word.replaceAll(",", "") : word);
