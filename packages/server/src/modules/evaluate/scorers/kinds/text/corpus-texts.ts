import { type CorpusMetric, createBleu, createChrf, createTer, sumStats, TOKENIZERS } from "@treadle/metrics";
import { z } from "zod";
import type { ScoreSample } from "../../scoring/kind.ts";
import { defineKind, type FromStats, PERCENT, scored, unscored } from "../../scoring/kind.ts";
import { expectedTexts } from "../../scoring/read-sample.ts";

/** Longer texts take too long, and no reference implementation is meant for them; the search of TER least of all. */
const MOST_CHARACTERS = 50_000;
const MOST_OF_TER = 5_000;

type Metric = CorpusMetric<{ readonly score: number }>;

/** The score of one sample, with the statistics for the score of the whole run. */
function scoreWith(corpus: Metric, { sentence = corpus, most = MOST_CHARACTERS } = {}): ScoreSample {
  return (sample) => {
    const expected = expectedTexts(sample);
    if ("reason" in expected) return unscored(expected.reason);
    if ([sample.output, ...expected.texts].some((text) => text.length > most))
      return unscored(`A text has more than ${most} characters.`);
    const stats = corpus.itemStats(sample.output, expected.texts);
    return scored(sentence.fromStats(sentence.itemStats(sample.output, expected.texts)).score, { stats: [...stats] });
  };
}

const sumsTo =
  (metric: Metric): FromStats =>
  (sums) =>
    sums.length === 0 ? null : metric.fromStats(sumStats([sums])).score;

const isTokenizer = (name: string): name is keyof typeof TOKENIZERS => Object.hasOwn(TOKENIZERS, name);
const tokenizerNames = Object.keys(TOKENIZERS).filter(isTokenizer);

const BleuParams = z.strictObject({
  tokenizer: z.enum(tokenizerNames).default("13a"),
  smoothing: z.enum(["exp", "floor", "add-k", "none"]).default("exp"),
  lowercase: z.boolean().default(false),
});

export const bleu = defineKind({
  id: "bleu",
  label: "BLEU",
  group: "text",
  summary:
    "Computed like sacrebleu. A whole run is scored over all samples together; a single sample uses effective order. Undefined without an expected text.",
  params: BleuParams,
  output: PERCENT,
  needs: ["expected"],
  signature: (params) => `bleu|${createBleu(params).signature("var")}`,
  fromStats: (params) => sumsTo(createBleu(params)),
  open: (params) => scoreWith(createBleu(params), { sentence: createBleu({ ...params, effectiveOrder: true }) }),
});

const ChrfParams = z.strictObject({
  wordOrder: z.number().int().min(0).max(4).default(0).describe("0 is chrF, 2 is chrF++."),
  lowercase: z.boolean().default(false),
});

export const chrf = defineKind({
  id: "chrf",
  label: "chrF",
  group: "text",
  summary: "F-score of character n-grams (chrF) and word n-grams (chrF++), computed like sacrebleu.",
  params: ChrfParams,
  output: PERCENT,
  needs: ["expected"],
  signature: (params) => `chrf|${createChrf(params).signature("var")}`,
  fromStats: (params) => sumsTo(createChrf(params)),
  open: (params) => scoreWith(createChrf(params)),
});

const TerParams = z.strictObject({
  caseSensitive: z.boolean().default(false),
  normalized: z.boolean().default(false).describe("Separates punctuation from words first."),
  noPunctuation: z.boolean().default(false),
  asianSupport: z.boolean().default(false),
});

export const ter = defineKind({
  id: "ter",
  label: "TER",
  group: "text",
  summary:
    "Translation edit rate: 100 × edits and shifts / expected length, computed like sacrebleu. 0 is best, and it can exceed 100.",
  params: TerParams,
  output: { ...PERCENT, max: null, direction: "lower" },
  needs: ["expected"],
  signature: (params) => `ter|${createTer(params).signature("var")}`,
  fromStats: (params) => sumsTo(createTer(params)),
  open: (params) => scoreWith(createTer(params), { most: MOST_OF_TER }),
});
