import snowball from "snowball-stemmers";
import type { LanguageRules } from "./languages.ts";

/** Words that are shorter stay as they are: their ends are seldom suffixes. */
const SHORTEST = 3;
const ACCENTS = /[\u0300-\u036f\u0483-\u0487\u064b-\u065f\u0670]/g;

/** A function from a word in lower case to its term: the stem, without accents where the language folds them. */
export function createStemmer({ stemmer, stemLength, folds }: LanguageRules): (word: string) => string {
  const algorithm = stemmer === undefined ? null : snowball.newStemmer(stemmer);
  const shorten = (word: string) => {
    if (word.length < SHORTEST || /\d/.test(word)) return word;
    if (algorithm) return algorithm.stem(word) || word;
    return stemLength === undefined ? word : word.slice(0, stemLength);
  };
  if (!folds) return shorten;
  return (word) => foldAccents(shorten(algorithm ? word : foldAccents(word)));
}

/** A text without accents, and with the final sigma as any other. */
export function foldAccents(text: string): string {
  return text.normalize("NFD").replaceAll(ACCENTS, "").normalize("NFC").replaceAll("ς", "σ").replaceAll("ß", "ss");
}
