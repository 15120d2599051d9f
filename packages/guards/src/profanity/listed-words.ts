import type { Span } from "../finding.ts";
import { createKeywordSearch } from "../patterns/keywords.ts";
import { letterTable, mapLetters } from "../text/map-letters.ts";
import { LISTED_WORDS, WORD_KINDS, type WordKind } from "./word-lists.ts";

type Kinds = ReadonlyMap<string, WordKind>;
export type ListedWord = Span & { readonly kind: WordKind };

/** Signs that stand for letters in words that are meant to be overlooked. */
const DISGUISES: Readonly<Record<string, string>> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "1": "i",
  "!": "i",
  "0": "o",
  $: "s",
  "5": "s",
  "7": "t",
};

const entries = WORD_KINDS.flatMap((kind) => LISTED_WORDS[kind].map((word) => [word, kind] as const));
const WHOLE: Kinds = new Map(entries.filter(([word]) => !word.endsWith("*") && !word.includes(" ")));
const BEGINNINGS: Kinds = new Map(
  entries.filter(([word]) => word.endsWith("*")).map(([word, kind]) => [word.slice(0, -1), kind]),
);
const SHORTEST = Math.min(...[...BEGINNINGS.keys()].map((word) => word.length));
const LONGEST = Math.max(...[...BEGINNINGS.keys()].map((word) => word.length));

/** The words of a phrase may have any signs and spaces between them. */
const PHRASES = entries
  .filter(([word]) => word.includes(" "))
  .map(([phrase, kind]) => ({
    kind,
    hint: phrase.split(" ").reduce((longest, word) => (word.length > longest.length ? word : longest)),
    pattern: new RegExp(
      `(?<![\\p{L}\\p{M}\\p{N}'-])${phrase.replaceAll("'", "['’]").replaceAll(" ", "[^\\p{L}\\p{M}\\p{N}'-]{1,8}")}(?![\\p{L}\\p{M}\\p{N}'-])`,
      "gu",
    ),
  }));

/** The words of the longest phrase. */
export const MOST_PHRASE_WORDS = Math.max(...entries.map(([word]) => word.split(" ").length));

const findHints = createKeywordSearch([...WHOLE.keys(), ...BEGINNINGS.keys(), ...PHRASES.map(({ hint }) => hint)]);
const PART_OF_WORD = /[\p{L}\p{M}\p{N}@$!'’-]/u;
const LONGEST_WORD = 60;
const LETTERS = /\p{L}/u;
const UNDISGUISED = letterTable(DISGUISES, (sign) => sign);
const DISGUISE = /[@431!0$57]/g;
const MOST_CHARACTERS = 1_000_000;

/** How many words of each kind a text holds. */
export function countListedWords(text: string): Map<WordKind, number> {
  const counts = new Map<WordKind, number>();
  const plain = text.slice(0, MOST_CHARACTERS).normalize("NFKC").toLowerCase();
  for (const { kind } of findListedWords(plain)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** The words and phrases of the lists in a text in lower case, disguised ones too. */
export function findListedWords(text: string): ListedWord[] {
  const undisguised = mapLetters(text, UNDISGUISED);
  const words = new Map<number, ListedWord>();
  const hints = findHints(text);
  for (const at of placesOf(text, hints)) addWord(text, at, words);
  if (undisguised !== text) for (const at of placesOf(undisguised, findHints(undisguised))) addWord(text, at, words);
  for (const at of drawnOutLetters(text)) addWord(text, at, words);
  const phrases = PHRASES.filter(({ hint }) => hints.has(hint)).flatMap(({ pattern, kind }) =>
    [...text.matchAll(pattern)].map(({ 0: phrase, index }) => ({ start: index, end: index + phrase.length, kind })),
  );
  return [...words.values(), ...phrases];
}

/** Places of three equal letters in a row. */
function* drawnOutLetters(text: string): Generator<number> {
  for (let at = 2; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 96 && code === text.charCodeAt(at - 1) && code === text.charCodeAt(at - 2)) yield at;
  }
}

function* placesOf(text: string, words: Iterable<string>): Generator<number> {
  for (const word of words) for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) yield at;
}

/** Adds the word at a place if it is listed, as it is or undisguised. */
function addWord(text: string, at: number, words: Map<number, ListedWord>): void {
  let [start, end] = [at, at];
  while (start > 0 && at - start < LONGEST_WORD && PART_OF_WORD.test(text.charAt(start - 1))) start--;
  while (end < text.length && end - at < LONGEST_WORD && PART_OF_WORD.test(text.charAt(end))) end++;
  if (words.has(start)) return;
  const word = text.slice(start, end);
  const kind = kindOf(word) ?? kindOf(undisguise(word));
  if (kind) words.set(start, { start, end, kind });
}

function kindOf(word: string): WordKind | undefined {
  const whole = WHOLE.get(word);
  if (whole) return whole;
  for (let size = SHORTEST; size <= Math.min(LONGEST, word.length); size++) {
    const kind = BEGINNINGS.get(word.slice(0, size));
    if (kind) return kind;
  }
  return undefined;
}

/** `$h1t` and `shiiiit` are read as the words they represent. A number is not. */
function undisguise(word: string): string {
  if (!LETTERS.test(word)) return word;
  const plain = word.replace(/!+$/, "").replaceAll(DISGUISE, (sign) => DISGUISES[sign] ?? sign);
  return plain.replaceAll(/(.)\1{2,}/gu, "$1");
}
