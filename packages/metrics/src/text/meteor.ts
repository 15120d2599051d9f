import { joinSignature, needReferences } from "./corpus-metric.ts";
import { porterStem } from "./porter-stem.ts";
import { TOKENIZERS, type TokenizerName } from "./tokenizers/index.ts";
import { trimEnd } from "./white-space.ts";

export type MeteorOptions = {
  readonly tokenizer?: TokenizerName;
  /** How much more recall weighs than precision: 0.9 unless given. */
  readonly alpha?: number;
  /** How steeply scattered matches are punished, and how far: 3 and 0.5 unless given. */
  readonly beta?: number;
  readonly gamma?: number;
};

/**
 * METEOR (Lavie and Agarwal, 2007) without synonyms, and therefore with a separate name. Words match exactly, then by
 * their Porter stem. It equals NLTK 3.10 with an empty WordNet. A corpus's score is the mean of its items' scores.
 */
export function createMeteorExactStem(options: MeteorOptions = {}) {
  const { tokenizer = "13a", alpha = 0.9, beta = 3, gamma = 0.5 } = options;
  const wordsOf = (text: string) => TOKENIZERS[tokenizer](trimEnd(text)).map((word) => word.toLowerCase());

  return {
    name: "meteor_exact_stem",
    signature: (references: number | "var") =>
      joinSignature([
        ["nrefs", references],
        ["alpha", alpha],
        ["beta", beta],
        ["gamma", gamma],
        ["tok", tokenizer],
        ["stem", "porter-nltk"],
        ["synonyms", false],
        ["version", "nltk-3.10"],
      ]),
    /** From 0 to 1, against the reference with the best score; null when no reference has a word. Throws a RangeError without a reference. */
    score(hypothesis: string, references: readonly string[]): number | null {
      needReferences("METEOR", references);
      const words = wordsOf(hypothesis);
      const targets = references.map(wordsOf);
      if (targets.every(({ length }) => length === 0)) return null;
      return Math.max(...targets.map((target) => scoreWords(words, target, { alpha, beta, gamma })));
    },
  };
}

type Weights = { readonly alpha: number; readonly beta: number; readonly gamma: number };

function scoreWords(words: readonly string[], target: readonly string[], { alpha, beta, gamma }: Weights): number {
  const aligned = align(words, target);
  const matches = aligned.filter((place) => place >= 0).length;
  if (matches === 0) return 0;
  const [precision, recall] = [matches / words.length, matches / target.length];
  const mean = (precision * recall) / (alpha * precision + (1 - alpha) * recall);
  return (1 - gamma * (countChunks(aligned) / matches) ** beta) * mean;
}

/** The place in the target of each word, −1 for none. Both stages go from the last word to the first and take the last free place. */
function align(words: readonly string[], target: readonly string[]): number[] {
  const aligned = words.map(() => -1);
  const free = target.map(() => true);
  for (const form of [(word: string) => word, porterStem]) {
    const places = new Map<string, number[]>();
    for (const [place, word] of target.entries()) {
      if (!free[place]) continue;
      const key = form(word);
      const list = places.get(key);
      if (list) list.push(place);
      else places.set(key, [place]);
    }
    for (let at = words.length - 1; at >= 0; at -= 1) {
      if (aligned[at] !== -1) continue;
      const place = places.get(form(words[at] ?? ""))?.pop();
      if (place === undefined) continue;
      aligned[at] = place;
      free[place] = false;
    }
  }
  return aligned;
}

/** Into how many runs the matches fall that stand side by side in both texts. */
function countChunks(aligned: readonly number[]): number {
  let chunks = 0;
  for (const [at, place] of aligned.entries()) {
    if (place >= 0 && !(at > 0 && aligned[at - 1] === place - 1 && place > 0)) chunks += 1;
  }
  return chunks;
}
