import { createPromptIndex, type Found, runKeys } from "./find-prompts.ts";
import { createPostings } from "./postings.ts";
import { bareWords } from "./shingles.ts";

export type ContaminationParams = {
  /** How many words in a row give an evaluation item away. */
  readonly words: number;
  /** The similarity of characters from which a short prompt is the same. */
  readonly similarity: number;
};

/** The compared parts of an item: single prompts, the whole prompt, and the whole item. */
export type ComparedText = { readonly prompts: readonly string[]; readonly prompt: string; readonly all: string };

export type Contamination = {
  /** The index of the given text. */
  readonly row: number;
  /** The index of the evaluation item, in order of addition. */
  readonly item: number;
  /** From 0 to 1: of the item's runs of words those that the text has, or how similar the prompts are. */
  readonly overlap: number;
  readonly rule: "same-prompt" | "similar-prompt" | "shared-words";
};

/** Runs of words in more evaluation items than this, and than this share of them, belong to a template. */
const MOST_COMMON = { items: 10, share: 0.01 };

/**
 * Finds texts that leak evaluation items. Add all evaluation items, then check any number of rows. Items with at least
 * `words` words are found by runs of that many words (as in GPT-3, appendix C, and lm-evaluation-harness). All items
 * are found by an equal prompt. Items with a shorter prompt are also found by a similar one: 5-character shingles,
 * MinHash, then exact Jaccard.
 */
export function createContaminationMachine({ words: size, similarity }: ContaminationParams) {
  const index = createPromptIndex({ similarity, mostWords: size - 1 });
  const runs = createPostings();
  let totals: Uint32Array | null = null;
  let items = 0;

  const keysOf = (text: string): Set<number> => {
    const words = bareWords(text, false);
    return new Set(words.length < size ? [] : runKeys(words, size));
  };
  const mostCommon = () => Math.max(MOST_COMMON.items, Math.floor(items * MOST_COMMON.share));

  /** How many runs of each item belong to no template. */
  function countRuns(): Uint32Array {
    const [counts, most] = [new Uint32Array(items), mostCommon()];
    runs.eachKey(most + 1, (having) => {
      if (having.length <= most) for (const item of having) counts[item] = (counts[item] ?? 0) + 1;
    });
    return counts;
  }
  function* listSharing(text: string): Iterable<Found> {
    totals ??= countRuns();
    const shared = new Map<number, number>();
    const most = mostCommon();
    for (const key of keysOf(text)) {
      const having = runs.list(key, most + 1);
      if (having.length <= most) for (const item of having) shared.set(item, (shared.get(item) ?? 0) + 1);
    }
    for (const [item, count] of shared) yield [item, count / (totals[item] || count)];
  }

  return {
    addItems(texts: readonly ComparedText[]): void {
      totals = null;
      for (const { prompt, all } of texts) {
        for (const key of keysOf(all)) runs.add(key, items);
        index.add(items, prompt);
        items++;
      }
    },
    /** The item that each text gives away most, where there is one. */
    check(texts: readonly ComparedText[]): Contamination[] {
      return texts.flatMap(({ prompts, prompt, all }, row) => {
        const asked = new Set([prompt, ...prompts]);
        const matches = [
          mostOf("same-prompt", index.listSame(asked)),
          mostOf("similar-prompt", index.listSimilar(asked)),
          mostOf("shared-words", listSharing(all)),
        ].flatMap((most) => (most ? [{ row, ...most }] : []));
        return matches.sort((one, two) => two.overlap - one.overlap).slice(0, 1);
      });
    },
  };
}

function mostOf(rule: Contamination["rule"], all: Iterable<Found>): Omit<Contamination, "row"> | null {
  let most: Found | null = null;
  for (const found of all) if (!most || found[1] > most[1]) most = found;
  return most && { rule, item: most[0], overlap: most[1] };
}
