import type { Detector } from "../detector.ts";
import type { Span } from "../finding.ts";
import { createKeywordSearch, type KeywordSearch } from "../patterns/keywords.ts";
import { LONGEST_RUN, openWords } from "../stream/open-run.ts";
import { findInViews, lowerCase } from "./find-in-views.ts";

export type WordsOptions = {
  /** Each has 2 to 200 characters. Upper and lower case are the same. */
  readonly words: readonly string[];
  /** Whether a word inside another word counts. */
  readonly isWhole: boolean;
};

type Compiled = { readonly words: readonly string[]; readonly search: KeywordSearch; readonly mostWords: number };
const compiled = new WeakMap<readonly string[], Compiled>();
const PART_OF_WORD = /[\p{L}\p{M}\p{N}_]/u;

/** Words and phrases of a list, in the normalized text and in what is hidden in it. */
export const words: Detector<WordsOptions> = listDetector("words");

/** Names that an answer should not mention. */
export const competitors: Detector<Pick<WordsOptions, "words">> = {
  ...listDetector("competitors"),
  find: (prepared, options) => findWords("competitors", prepared, { ...options, isWhole: true }),
};

function listDetector(name: string): Detector<WordsOptions> {
  return {
    name,
    version: 1,
    isDeterministic: true,
    need: { upTo: LONGEST_RUN },
    openFrom: (text, { words }) => openWords(text, compile(words).mostWords),
    mayFind: (text, { words }) => compile(words).search(lowerCase(text)).size > 0,
    find: (prepared, options) => findWords(name, prepared, options),
  };
}

function findWords(name: string, prepared: Parameters<Detector["find"]>[0], { words, isWhole }: WordsOptions) {
  const list = compile(words);
  return findInViews(name, prepared, function* (text) {
    const lower = lowerCase(text);
    for (const word of list.search(lower))
      for (let start = lower.indexOf(word); start >= 0; start = lower.indexOf(word, start + word.length)) {
        const span = { start, end: start + word.length };
        if (!isWhole || standsAlone(lower, span)) yield { ...span, kind: name === "words" ? "word" : "competitor" };
      }
  });
}

function compile(words: readonly string[]): Compiled {
  const existing = compiled.get(words);
  if (existing) return existing;
  const list = words.map((word) => lowerCase(word.normalize("NFKC").trim()));
  const mostWords = Math.max(...list.map((word) => word.split(/\s+/).length));
  const result = { words: list, search: createKeywordSearch(list), mostWords };
  compiled.set(words, result);
  return result;
}

const standsAlone = (text: string, { start, end }: Span) =>
  !PART_OF_WORD.test(text.charAt(start - 1)) && !PART_OF_WORD.test(text.charAt(end));
