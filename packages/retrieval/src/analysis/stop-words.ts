import * as lists from "stopword";
import type { LanguageRules } from "./languages.ts";

/** Longer entries are left out: many are content words (Slovene "april"), and rarity already weighs the others low. */
const LONGEST_STOP_WORD = 4;

/** The stop words of a language in lower case; empty if there is no list. */
export function stopWordsOf({ stopWords }: LanguageRules): ReadonlySet<string> {
  if (stopWords === undefined) return new Set();
  const words = Object.entries<unknown>(lists).find(([name]) => name === stopWords)?.[1];
  if (!Array.isArray(words)) throw new Error(`The package stopword has no list "${stopWords}".`);
  const lower = words.map((word) => String(word).normalize("NFKC").toLowerCase());
  return new Set(lower.filter((word) => word.length <= LONGEST_STOP_WORD));
}
