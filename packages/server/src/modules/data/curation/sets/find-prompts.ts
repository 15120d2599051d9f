import { chooseBands, createSigner } from "./minhash.ts";
import { createPostings } from "./postings.ts";
import { jaccard } from "./set-pool.ts";
import { bareWords, hashText, runsOf, shinglesOf } from "./shingles.ts";

/** An evaluation item and how much of it is given away, from 0 to 1. */
export type Found = readonly [item: number, overlap: number];
type Params = {
  /** The Jaccard similarity of characters from which two prompts are alike. */
  readonly similarity: number;
  /** Longer prompts are compared as a whole only. */
  readonly mostWords: number;
};

const CHARACTERS = { unit: "character", size: 5, ignoreNumbers: false } as const;
const ORDERS = 100;
/** Few pairs may be missed: a comparison more costs little. */
const WEIGHTS = { wrongly: 0.1, missed: 0.9 };
/** Shorter prompts are compared as a whole only: "how are you" and its like are near to each other by chance. */
const FEWEST_WORDS = 4;
const NO_PIECES = new Uint32Array();

/** Prompts of evaluation items: which is the same as a text, and which of the short ones is like it. */
export function createPromptIndex({ similarity, mostWords }: Params) {
  const shape = chooseBands(similarity, ORDERS, WEIGHTS);
  const signer = createSigner({ ...shape, seed: 1 });
  const keys = new Uint32Array(shape.bands);
  const [whole, near] = [createPostings(), createPostings()];
  const pieces = new Map<number, Uint32Array>();

  function bandKeys(shingles: Uint32Array): number[] {
    signer.sign(shingles, keys);
    return Array.from(keys, (key, band) => band * 0x100000000 + key);
  }

  return {
    add(item: number, prompt: string): void {
      const words = bareWords(prompt, false);
      if (words.length === 0) return;
      whole.add(textKey(words), item);
      if (words.length > mostWords || words.length < FEWEST_WORDS) return;
      const shingles = shinglesOf(prompt, CHARACTERS);
      pieces.set(item, shingles);
      for (const key of bandKeys(shingles)) near.add(key, item);
    },
    /** The items whose prompt has the same words as one of these texts. */
    *listSame(texts: Iterable<string>): Iterable<Found> {
      for (const text of texts) {
        const words = bareWords(text, false);
        if (words.length > 0) for (const item of whole.list(textKey(words))) yield [item, 1];
      }
    },
    /** The items with a short prompt that one of these texts is like. */
    *listSimilar(texts: Iterable<string>): Iterable<Found> {
      for (const text of texts) {
        const count = bareWords(text, false).length;
        if (count < FEWEST_WORDS || count > 2 * mostWords) continue;
        const shingles = shinglesOf(text, CHARACTERS);
        for (const item of new Set(bandKeys(shingles).flatMap((key) => near.list(key)))) {
          const overlap = jaccard(shingles, pieces.get(item) ?? NO_PIECES);
          if (overlap >= similarity) yield [item, overlap];
        }
      }
    },
  };
}

const SEEDS = [0x1b873593, 0x5bd1e995] as const;

/** A key of 53 bits for each run of words. */
export function runKeys(words: readonly string[], size: number): number[] {
  const hashes = words.map(hashText);
  const [highs, lows] = [runsOf(hashes, size, SEEDS[0]), runsOf(hashes, size, SEEDS[1])];
  return Array.from(highs, (high, index) => (high & 0x1fffff) * 0x100000000 + (lows[index] ?? 0));
}
const textKey = (words: readonly string[]) => runKeys(words, words.length)[0] ?? 0;
