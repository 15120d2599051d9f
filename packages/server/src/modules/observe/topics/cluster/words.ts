import { distinctiveWords } from "@treadle/metrics";

const MOST_READ = 1_000;
const WORD = /\p{L}[\p{L}\p{N}'-]*/gu;
const STOP = new Set(
  "a about an and are as at be been but by can could do does for from get had has have he her here him his how i if im in into is it its ive just like me my no not of on one or our out please she should so some than that thats the their them then there these they this to too up us was we were what when where which who why will with would you your".split(
    " ",
  ),
);

/** The words of a text, each once, with pairs of neighbours. Words that every text has are left out. */
export function wordsOf(text: string): readonly string[] {
  const words = [...text.slice(0, MOST_READ).toLowerCase().matchAll(WORD)].map(([word]) => word);
  const found = new Set<string>();
  for (const [place, word] of words.entries()) {
    if (isTelling(word)) found.add(word);
    const next = words[place + 1];
    if (next !== undefined && isTelling(word) && isTelling(next)) found.add(`${word} ${next}`);
  }
  return [...found];
}

const isTelling = (word: string) => word.length > 2 && !STOP.has(word);

/** How many texts have each word. */
function countWords(rows: Iterable<number>, words: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) for (const word of words[row] ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

const MOST_WORDS = 8;
const FEWEST_TEXTS = 2;
const SIGNIFICANT = 0.05;

/** For each group of rows, the words that distinguish it from the other rows of all groups. */
export function nameGroups(groups: readonly (readonly number[])[], words: readonly (readonly string[])[]): string[][] {
  const counts = groups.map((rows) => countWords(rows, words));
  const total = new Map<string, number>();
  for (const one of counts) for (const [word, count] of one) total.set(word, (total.get(word) ?? 0) + count);
  return counts.map((own) => {
    const rest = new Map([...total].map(([word, count]) => [word, count - (own.get(word) ?? 0)]));
    const found = distinctiveWords(own, rest)
      .filter(({ word, z, pValue }) => z > 0 && pValue < SIGNIFICANT && (own.get(word) ?? 0) >= FEWEST_TEXTS)
      .map(({ word }) => word);
    return withoutRepeats(found.length > 0 ? found : mostFrequent(own)).slice(0, MOST_WORDS);
  });
}

const mostFrequent = (counts: ReadonlyMap<string, number>) =>
  [...counts].sort((one, two) => two[1] - one[1] || (one[0] < two[0] ? -1 : 1)).map(([word]) => word);

/** A word that is part of an earlier pair, and a pair of earlier words, add nothing. */
function withoutRepeats(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (const word of words) {
    const parts = new Set(word.split(" "));
    const isPart = kept.some((other) => other.split(" ").some((part) => parts.has(part)));
    if (!isPart) kept.push(word);
    if (kept.length >= MOST_WORDS) break;
  }
  return kept;
}
