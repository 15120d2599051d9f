import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createBleu } from "./bleu.ts";
import { createChrf } from "./chrf.ts";
import { type CorpusMetric, scoreCorpus, scoreItem, type TextPair } from "./corpus-metric.ts";
import { editDistance } from "./edit-distance.ts";
import { createMeteorExactStem } from "./meteor.ts";
import { porterStem } from "./porter-stem.ts";
import { createRouge, type RougeKind } from "./rouge.ts";
import { type SquadVersion, squadScore } from "./squad.ts";
import { createTer } from "./ter.ts";
import { TOKENIZERS, type TokenizerName } from "./tokenizers/index.ts";
import { trimEnd } from "./white-space.ts";

type Golden = {
  readonly source: string;
  readonly pairs: TextPair[];
  readonly metrics: {
    readonly metric: "bleu" | "chrf" | "ter";
    readonly options: object;
    readonly score: number;
    readonly signature: string;
    readonly stats: number[][];
    readonly items: number[];
  }[];
  readonly tokens: { readonly tokenizer: TokenizerName; readonly texts: string[]; readonly tokens: string[][] }[];
  readonly rouge: { readonly stemmer: boolean; readonly scores: Record<RougeKind, number[][]> }[];
  readonly meteor: number[];
  readonly squad: Record<SquadVersion, number[][]>;
  readonly stems: [word: string, stem: string][];
  readonly edits: [from: string, to: string, distance: number][];
};

const golden: Golden = JSON.parse(readFileSync(new URL("../../golden/text.json", import.meta.url), "utf8"));
const { pairs } = golden;
const FACTORIES = { bleu: createBleu, chrf: createChrf, ter: createTer };

/** Equal but for the last digits, which the order of additions and the machine's logarithm decide. */
function expectClose(found: number | null | undefined, wanted: number | undefined) {
  if (found === null || found === undefined || wanted === undefined) return expect(found).toBe(wanted);
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-12 * Math.max(Math.abs(found), Math.abs(wanted)));
}

test("the golden values say where they are from", () => {
  expect(golden.source).toContain("sacrebleu 2.6.0, rouge-score 0.1.2, nltk");
  expect(pairs.length).toBeGreaterThan(10);
});

describe.each(golden.metrics)("$signature", ({ metric: name, options, score, signature, stats, items }) => {
  const metric: CorpusMetric<{ score: number }> = FACTORIES[name](options);

  test("is sacrebleu's for a corpus", () => {
    expect(metric.signature(2)).toBe(signature);
    expectClose(scoreCorpus(metric, pairs)?.score, score);
  });

  test("is sacrebleu's for each item", () => {
    expect(pairs.map(({ hypothesis, references }) => metric.itemStats(hypothesis, references))).toEqual(stats);
    for (const [at, pair] of pairs.entries()) expectClose(scoreItem(metric, pair).score, items[at]);
  });
});

test.each(golden.tokens)("the tokeniser $tokenizer is sacrebleu's", ({ tokenizer, texts, tokens }) => {
  expect(texts.map((text) => TOKENIZERS[tokenizer](trimEnd(text)))).toEqual(tokens);
});

describe.each(golden.rouge)("ROUGE with stemmer $stemmer", ({ stemmer, scores }) => {
  test.each(Object.entries(scores))("%s is rouge-score's", (kind, wanted) => {
    const rouge = createRouge(asKind(kind), { stemmer });
    for (const [at, { hypothesis, references }] of pairs.entries()) {
      const score = rouge.score(hypothesis, references);
      const [precision, recall, fMeasure] = wanted[at] ?? [];
      if (!references.some((reference) => /[a-z0-9]/i.test(reference))) {
        // rouge-score calls it 0; there is nothing to be measured.
        expect([score, fMeasure]).toEqual([null, 0]);
        continue;
      }
      expectClose(score?.precision, precision);
      expectClose(score?.recall, recall);
      expectClose(score?.fMeasure, fMeasure);
    }
  });
});

function asKind(kind: string): RougeKind {
  const known = (["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"] as const).find((name) => name === kind);
  if (!known) throw new Error(`${kind} is no kind of ROUGE`);
  return known;
}

test("METEOR without synonyms is NLTK's with an empty WordNet", () => {
  const meteor = createMeteorExactStem();
  for (const [at, { hypothesis, references }] of pairs.entries())
    expectClose(meteor.score(hypothesis, references), golden.meteor[at]);
});

test.each(Object.entries(golden.squad))("SQuAD %s is its script's", (version, wanted) => {
  for (const [at, { hypothesis, references }] of pairs.entries()) {
    const score = squadScore(hypothesis, references, version === "1.1" ? "1.1" : "2.0");
    expect(score?.exactMatch).toBe(wanted[at]?.[0]);
    expectClose(score?.f1, wanted[at]?.[1]);
  }
});

test("stems equal the stems of NLTK's Porter stemmer", () => {
  expect(golden.stems.map(([word]) => [word, porterStem(word)])).toEqual(golden.stems);
});

test("edit distances are NLTK's", () => {
  expect(golden.edits.map(([from, to]) => [from, to, editDistance(from, to)])).toEqual(golden.edits);
});
