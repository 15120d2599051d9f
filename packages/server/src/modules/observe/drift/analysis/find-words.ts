import type { DriftWord } from "@treadle/contract";
import { distinctiveWords } from "@treadle/metrics";

const FEWEST_TEXTS = 3;
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

/** The significant words, the most increased first. Words of very few texts are not compared. */
export function findWords(current: Counted, reference: Counted): DriftWord[] {
  const mapOf = ({ words }: Counted, other: Counted) =>
    new Map(
      Object.entries(words).filter(
        ([word, count]) => count + (Object.hasOwn(other.words, word) ? (other.words[word] ?? 0) : 0) >= FEWEST_TEXTS,
      ),
    );
  const [now, before] = [mapOf(current, reference), mapOf(reference, current)];
  const found = distinctiveWords(now, before).filter(({ pValue }) => pValue < ALPHA);
  const [more, fewer] = [found.filter(({ z }) => z > 0), found.filter(({ z }) => z < 0)];
  return [...more.slice(0, MOST_SHOWN), ...fewer.slice(-MOST_SHOWN)].map(({ word, z, pValue }) => ({
    word,
    z,
    pValue,
    referenceShare: (before.get(word) ?? 0) / reference.texts,
    currentShare: (now.get(word) ?? 0) / current.texts,
  }));
}
