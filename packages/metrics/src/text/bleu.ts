import { type CorpusMetric, joinSignature, needReferences, SACREBLEU } from "./corpus-metric.ts";
import { countOf, createVocabulary, matchNgrams } from "./ngrams.ts";
import { TOKENIZERS, type TokenizerName } from "./tokenizers/index.ts";
import { trimEnd } from "./white-space.ts";

/** What to do about an order of n-grams without a match; the values are Chen and Cherry's (2014). */
export type BleuSmoothing = "exp" | "floor" | "add-k" | "none";

export type BleuOptions = {
  readonly tokenizer?: TokenizerName;
  readonly lowercase?: boolean;
  readonly smoothing?: BleuSmoothing;
  /** For `floor` (0.1 unless given) and `add-k` (1). */
  readonly smoothingValue?: number;
  /** Averages over the orders that a text is long enough for: for the score of a single sentence. */
  readonly effectiveOrder?: boolean;
  /** The longest n-gram, 4 unless given. */
  readonly maxOrder?: number;
};

export type BleuScore = {
  /** 0 to 100. */
  readonly score: number;
  /** For each order, 0 to 100, smoothed. */
  readonly precisions: readonly number[];
  readonly counts: readonly number[];
  readonly totals: readonly number[];
  readonly brevityPenalty: number;
  readonly systemLength: number;
  readonly referenceLength: number;
};

const SMOOTHING_VALUES = { exp: undefined, floor: 0.1, "add-k": 1, none: undefined } as const;
/** sacrebleu's logarithm of zero. */
const LOG_OF_ZERO = -9999999999;

/**
 * BLEU (Papineni et al., 2002) as sacrebleu 2.6.0 computes it. An item's statistics are its length, the length of the closest reference,
 * the matched n-grams of each order and all of each order.
 */
export function createBleu(options: BleuOptions = {}): CorpusMetric<BleuScore> {
  const { tokenizer = "13a", smoothing = "exp", maxOrder = 4, lowercase = false, effectiveOrder = false } = options;
  const smoothingValue = options.smoothingValue ?? SMOOTHING_VALUES[smoothing];
  const tokenize = TOKENIZERS[tokenizer];
  const tokensOf = (text: string) => tokenize(trimEnd(lowercase ? text.toLowerCase() : text));

  return {
    name: "BLEU",
    signature: (references) =>
      joinSignature([
        ["nrefs", references],
        ["case", lowercase ? "lc" : "mixed"],
        ["eff", effectiveOrder],
        ["tok", tokenizer],
        ["smooth", SMOOTHING_VALUES[smoothing] ? `${smoothing}[${smoothingValue?.toFixed(2)}]` : smoothing],
        ["version", SACREBLEU],
      ]),
    itemStats(hypothesis, references) {
      needReferences("BLEU", references);
      const vocabulary = createVocabulary<string>();
      const numbered = references.map((reference) => vocabulary.add(tokensOf(reference)));
      const tokens = vocabulary.find(tokensOf(hypothesis));
      const matches = matchNgrams(tokens, numbered, maxOrder);
      const totals = matches.map((_, place) => countOf(tokens.length, place + 1));
      return [tokens.length, closestLength(tokens.length, numbered), ...matches, ...totals];
    },
    fromStats: (sum) => bleuOf(sum, { smoothing, smoothingValue: smoothingValue ?? 0, effectiveOrder, maxOrder }),
  };
}

/** The length of the reference that is nearest to it; the shorter of two that are as near. */
function closestLength(length: number, references: readonly Int32Array[]): number {
  let [closest, least] = [-1, Number.POSITIVE_INFINITY];
  for (const reference of references) {
    const difference = Math.abs(length - reference.length);
    if (difference < least || (difference === least && reference.length < closest)) {
      [closest, least] = [reference.length, difference];
    }
  }
  return closest;
}

type Settings = { smoothing: BleuSmoothing; smoothingValue: number; effectiveOrder: boolean; maxOrder: number };

function bleuOf(sum: ArrayLike<number>, settings: Settings): BleuScore {
  const { maxOrder } = settings;
  const all = Array.from(sum);
  const [systemLength = 0, referenceLength = 0] = all;
  const counts = all.slice(2, 2 + maxOrder);
  const totals = all.slice(2 + maxOrder, 2 + 2 * maxOrder);
  const brevityPenalty = penaltyFor(systemLength, referenceLength);
  const base = { counts, totals, brevityPenalty, systemLength, referenceLength };
  if (!counts.some((count) => count > 0)) return { ...base, score: 0, precisions: counts.map(() => 0) };

  const { precisions, order } = smoothedPrecisions(counts, totals, settings);
  let logs = 0;
  for (const precision of precisions.slice(0, order)) logs += precision === 0 ? LOG_OF_ZERO : Math.log(precision);
  return { ...base, score: brevityPenalty * Math.exp(logs / order), precisions };
}

function penaltyFor(systemLength: number, referenceLength: number): number {
  if (systemLength >= referenceLength) return 1;
  return systemLength > 0 ? Math.exp(1 - referenceLength / systemLength) : 0;
}

/** The precisions, and over how many orders to average: they end with the first order that no text is long enough for. */
function smoothedPrecisions(counts: readonly number[], totals: readonly number[], settings: Settings) {
  const { smoothing, smoothingValue, effectiveOrder, maxOrder } = settings;
  const precisions = counts.map(() => 0);
  let order = maxOrder;
  let halvings = 1;
  for (let place = 0; place < maxOrder; place += 1) {
    const added = smoothing === "add-k" && place > 0 ? smoothingValue : 0;
    const count = (counts[place] ?? 0) + added;
    const total = (totals[place] ?? 0) + added;
    if (total === 0) break;
    if (effectiveOrder) order = place + 1;
    if (count > 0) {
      precisions[place] = (100 * count) / total;
    } else if (smoothing === "exp") {
      halvings *= 2;
      precisions[place] = 100 / (halvings * total);
    } else if (smoothing === "floor") {
      precisions[place] = (100 * smoothingValue) / total;
    }
  }
  return { precisions, order };
}
