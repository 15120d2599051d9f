import type { Item, QualityReport } from "@treadle/contract";
import { textOf } from "../items/item-text.ts";
import { splitAuc, WORD_SLOTS, type WordSet } from "./split-auc.ts";

/** So many items of each split are compared. */
const MOST_ITEMS = 4_000;
const MOST_SPLITS = 10;
const MOST_CHARACTERS = 4_000;
/** Fewer say nothing. */
const FEWEST_ITEMS = 30;

type Sample = { seen: number; readonly sets: WordSet[] };

/**
 * Compares the words of each split with the words of the largest split, over a sample. The same items in the same order
 * give the same sample.
 */
export function createSplitComparison() {
  const samples = new Map<string, Sample>();
  let state = 1;
  /** Knuth's generator: a number below `limit`. */
  function draw(limit: number): number {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  }

  return {
    add(item: Pick<Item, "inputs" | "expected" | "split">): void {
      if (item.split === null) return;
      const sample = samples.get(item.split) ?? { seen: 0, sets: [] };
      if (sample.seen === 0 && samples.size >= MOST_SPLITS) return;
      samples.set(item.split, sample);
      const place = sample.seen++ < MOST_ITEMS ? sample.sets.length : draw(sample.seen);
      if (place < MOST_ITEMS) sample.sets[place] = wordsOf(textOf(item, "prompt"));
    },
    /** Empty for a split that is too small to compare. */
    finish(): NonNullable<QualityReport["splitAuc"]> {
      const large = [...samples]
        .filter(([, { seen }]) => seen >= FEWEST_ITEMS)
        .sort(([, one], [, two]) => two.seen - one.seen);
      const [largest, ...others] = large;
      if (!largest) return [];
      return others.map(([to, { sets }]) => ({
        from: largest[0],
        to,
        rows: largest[1].sets.length + sets.length,
        ...splitAuc(largest[1].sets, sets),
      }));
    },
  };
}

function wordsOf(text: string): WordSet {
  const words = new Set<number>();
  for (const [word] of text
    .slice(0, MOST_CHARACTERS)
    .toLowerCase()
    .matchAll(/[\p{L}\p{N}]+/gu)) {
    let hash = 0x811c9dc5;
    for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
    words.add((hash ^ (hash >>> 16)) & (WORD_SLOTS - 1));
  }
  return Uint16Array.from(words);
}
