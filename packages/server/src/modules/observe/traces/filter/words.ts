import { escapeFilterValue, splitFilterPattern } from "@treadle/contract";
import { payloadText, type SpanRow } from "../rows/span-row.ts";

/** Typographic characters next to words. The engine's tokenizer would treat them as letters. */
const SIGNS = /[“”‘’„«»—–…•\u00A0]/g;
/** Characters that words are made of, as the engine's tokenizer has it: letters and digits, and all that is not ASCII. */
const LETTERS = /[0-9A-Za-z\u0080-\uFFFF]+/g;
/** Scripts that put no blanks between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** In bytes: with less, the engine reads through the texts instead of through the index, and so through more of them than need be. */
const SHORTEST_PIECE = 4;

type WordRow = Pick<SpanRow, "name" | "error_message" | "input" | "output">;

/** The value of the column `words` of a row. Migration 0003 computes the same. */
export function wordsOf(row: WordRow): string {
  const payloads = ["\\\\", "\\n", "\\t", "\\r"].reduce(
    (text, escaped) => text.replaceAll(escaped, " "),
    `${payloadText(row.input)} ${payloadText(row.output)}`,
  );
  return `${row.name} ${row.error_message} ${payloads}`.replaceAll(SIGNS, " ").toLowerCase();
}

/** The words of a text, in lower case. */
export const splitWords = (text: string): string[] => text.replaceAll(SIGNS, " ").toLowerCase().match(LETTERS) ?? [];

/** The search methods for a text. The first two need only the index of words. */
export type WordSearch =
  /** One whole word. */
  | { readonly kind: "word"; readonly word: string }
  /** A piece of a word. */
  | { readonly kind: "piece"; readonly piece: string }
  /** These whole words, and the pattern itself in the stored text, ignoring case. */
  | { readonly kind: "phrase"; readonly words: readonly string[]; readonly pattern: string };

/**
 * Without a wildcard, a text is searched by whole words, with the index of words. Text that is not a whole word, or
 * contains special characters, is searched literally.
 */
export function planSearch(pattern: string): WordSearch {
  const parts = splitFilterPattern(pattern);
  const filled = parts.filter((part) => part !== "");
  const [only = ""] = filled;
  const isPlainWord = filled.length === 1 && splitWords(only).join("") === only.toLowerCase();
  const isUnspaced = UNSPACED.test(pattern);
  const isPiece = isPlainWord && (parts.length > 1 || isUnspaced);
  if (isPiece && Buffer.byteLength(only) >= SHORTEST_PIECE) return { kind: "piece", piece: only.toLowerCase() };
  if (isPlainWord && !isPiece) return { kind: "word", word: only.toLowerCase() };
  return { kind: "phrase", words: isUnspaced ? [] : wholeWords(parts), pattern };
}

/** The words that no wildcard touches. */
function wholeWords(parts: readonly string[]): string[] {
  return parts.flatMap((part, index) => {
    const words = splitWords(part);
    const isOpenBefore = index > 0 && /^[0-9A-Za-z\u0080-\uFFFF]/.test(part);
    const isOpenAfter = index < parts.length - 1 && /[0-9A-Za-z\u0080-\uFFFF]$/.test(part);
    return words.slice(isOpenBefore ? 1 : 0, isOpenAfter ? Math.max(words.length - 1, 0) : words.length);
  });
}

/** A pattern for text that is stored as JSON. */
export const toJsonPattern = (pattern: string) =>
  splitFilterPattern(pattern)
    .map((part) => escapeFilterValue(JSON.stringify(part).slice(1, -1)))
    .join("*");
