import { codePoints } from "./code-points.ts";
import { type CorpusMetric, joinSignature, needReferences, SACREBLEU } from "./corpus-metric.ts";
import { countOf, createVocabulary, matchNgrams } from "./ngrams.ts";
import { splitWords } from "./white-space.ts";

export type ChrfOptions = {
  /** The longest n-gram of characters, 6 unless given. */
  readonly charOrder?: number;
  /** The longest n-gram of words: 0 for chrF (unless given), 2 for chrF++. */
  readonly wordOrder?: number;
  /** How much more recall weighs than precision, 2 unless given. */
  readonly beta?: number;
  readonly lowercase?: boolean;
  /** Counts white space as characters. */
  readonly whitespace?: boolean;
  /** Smooths as chrF++.py, Moses and NLTK do, in place of leaving out orders that a text is too short for. */
  readonly epsSmoothing?: boolean;
};

/** 0 to 100. */
export type ChrfScore = { readonly score: number };

type Order = { readonly hypothesis: number; readonly reference: number; readonly matched: number };
type Side = { readonly characters: Uint32Array; readonly words: readonly string[] };

const EPSILON = 1e-16;

/**
 * chrF (Popović, 2015) and chrF++ (2017) as in sacrebleu 2.6.0. An item's statistics contain three numbers for each
 * order of characters, then of words: the n-grams of the hypothesis, of the reference, and the matches. They use the
 * reference with the best score.
 */
export function createChrf(options: ChrfOptions = {}): CorpusMetric<ChrfScore> {
  const {
    charOrder = 6,
    wordOrder = 0,
    beta = 2,
    lowercase = false,
    whitespace = false,
    epsSmoothing = false,
  } = options;
  const scoreOf = (stats: ArrayLike<number>) =>
    fScore(ordersOf(stats, charOrder + wordOrder), { factor: beta ** 2, epsSmoothing });
  const sideOf = (text: string): Side => {
    const cased = lowercase ? text.toLowerCase() : text;
    const words = splitWords(cased);
    return {
      characters: codePoints(whitespace ? cased : words.join("")),
      words: wordOrder > 0 ? words.flatMap(splitPunctuationMark) : [],
    };
  };

  return {
    name: `chrF${beta}${"+".repeat(wordOrder)}`,
    signature: (references) =>
      joinSignature([
        ["nrefs", references],
        ["case", lowercase ? "lc" : "mixed"],
        ["eff", !epsSmoothing],
        ["nc", charOrder],
        ["nw", wordOrder],
        ["space", whitespace],
        ["version", SACREBLEU],
      ]),
    itemStats(hypothesis, references) {
      needReferences("chrF", references);
      const own = sideOf(hypothesis);
      let best: { score: number; stats: number[] } = { score: -1, stats: [] };
      for (const reference of references) {
        const other = sideOf(reference);
        const stats = [
          ...matchSide(own.characters, other.characters, charOrder),
          ...matchSide(own.words, other.words, wordOrder),
        ];
        const score = scoreOf(stats);
        if (score > best.score) best = { score, stats };
      }
      return best.stats;
    },
    fromStats: (sum) => ({ score: scoreOf(sum) }),
  };
}

/** For each order the three counts; a hypothesis has none where the reference is too short for the order. */
function matchSide<Token extends string | number>(
  hypothesis: ArrayLike<Token>,
  reference: ArrayLike<Token>,
  orders: number,
): number[] {
  if (orders === 0) return [];
  const vocabulary = createVocabulary<Token>();
  const numbered = vocabulary.add(reference);
  const matches = matchNgrams(vocabulary.find(hypothesis), [numbered], orders);
  return matches.flatMap((matched, place) => {
    const inReference = countOf(reference.length, place + 1);
    return [inReference > 0 ? countOf(hypothesis.length, place + 1) : 0, inReference, matched];
  });
}

/** Splits one punctuation mark of ASCII off a word: the last character's if it is one, else the first's. */
function splitPunctuationMark(word: string): string[] {
  if (word.length === 1) return [word];
  if (isPunctuation(word.charCodeAt(word.length - 1))) return [word.slice(0, -1), word.slice(-1)];
  if (isPunctuation(word.charCodeAt(0))) return [word.slice(0, 1), word.slice(1)];
  return [word];
}

const isPunctuation = (code: number) =>
  (code >= 0x21 && code <= 0x2f) ||
  (code >= 0x3a && code <= 0x40) ||
  (code >= 0x5b && code <= 0x60) ||
  (code >= 0x7b && code <= 0x7e);

function ordersOf(stats: ArrayLike<number>, orders: number): Order[] {
  return Array.from({ length: orders }, (_, place) => ({
    hypothesis: stats[3 * place] ?? 0,
    reference: stats[3 * place + 1] ?? 0,
    matched: stats[3 * place + 2] ?? 0,
  }));
}

function fScore(orders: readonly Order[], { factor, epsSmoothing }: { factor: number; epsSmoothing: boolean }): number {
  let [smoothed, precisions, recalls, effective] = [0, 0, 0, 0];
  for (const { hypothesis, reference, matched } of orders) {
    const precision = hypothesis > 0 ? matched / hypothesis : EPSILON;
    const recall = reference > 0 ? matched / reference : EPSILON;
    const denominator = factor * precision + recall;
    smoothed += denominator > 0 ? ((1 + factor) * precision * recall) / denominator : EPSILON;
    if (hypothesis > 0 && reference > 0) {
      precisions += precision;
      recalls += recall;
      effective += 1;
    }
  }
  if (epsSmoothing) return (100 * smoothed) / orders.length;
  if (precisions + recalls === 0) return 0;
  const [precision, recall] = [precisions / effective, recalls / effective];
  return (100 * ((1 + factor) * precision * recall)) / (factor * precision + recall);
}
