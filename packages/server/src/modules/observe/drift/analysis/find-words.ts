import type { DriftWord } from "@treadle/contract";
import { benjaminiHochberg, distinctiveWords, fisherExact } from "@treadle/metrics";

const FEWEST_TEXTS = 5;
/** Words of a smaller share of both sides' texts are not compared: each further word makes all others less significant. */
const LEAST_SHARE = 0.01;
const MOST_WORDS = 20_000;
const MOST_SHOWN = 20;
const ALPHA = 0.05;
const WORD = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;

/** The words and pairs of neighbouring words of a text, each once. */
export function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(WORD) ?? [];
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
  return new Set([...words, ...pairs].filter((word) => word.length <= 60));
}

/** How many texts have each word or pair of words. */
export function countWords(texts: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const frequent = [...counts].sort((one, other) => other[1] - one[1]).slice(0, MOST_WORDS);
  return Object.fromEntries(frequent);
}

type Counted = { readonly words: Readonly<Record<string, number>>; readonly texts: number };

/**
 * The significant words, the most increased first: in the order of `distinctiveWords`, and significant by Fisher's exact test of the
 * shares of texts, because the order's own z is small for every word that a side lacks. Rare words are not compared.
 */
export function findWords(current: Counted, reference: Counted): DriftWord[] {
  const least = Math.max(FEWEST_TEXTS, LEAST_SHARE * (current.texts + reference.texts));
  const countIn = ({ words }: Counted, word: string) => (Object.hasOwn(words, word) ? (words[word] ?? 0) : 0);
  const all = [...new Set([...Object.keys(current.words), ...Object.keys(reference.words)])];
  const compared = all.filter((word) => countIn(current, word) + countIn(reference, word) >= least);
  const mapOf = (side: Counted) => new Map(compared.map((word) => [word, countIn(side, word)]));
  const [now, before] = [mapOf(current), mapOf(reference)];
  const sideOf = (side: Counted, word: string) => ({ successes: countIn(side, word), n: side.texts });
  const words = distinctiveWords(now, before);
  const pValues = benjaminiHochberg(
    words.map(({ word }) => fisherExact(sideOf(current, word), sideOf(reference, word))),
  );
  const found = words
    .map(({ word, z }, at) => ({ word, z, pValue: pValues[at] ?? 1 }))
    .filter(({ pValue }) => pValue < ALPHA);
  const [more, fewer] = [found.filter(({ z }) => z > 0), found.filter(({ z }) => z < 0)];
  return [...more.slice(0, MOST_SHOWN), ...fewer.slice(-MOST_SHOWN)].map(({ word, z, pValue }) => ({
    word,
    z,
    pValue,
    referenceShare: countIn(reference, word) / reference.texts,
    currentShare: countIn(current, word) / current.texts,
  }));
}
