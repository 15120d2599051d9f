// The side of compare-text.py that runs packages/metrics. Usage: node compare-text.ts QUESTION.json ANSWER.json
import { readFileSync, writeFileSync } from "node:fs";
import {
  createBleu,
  createChrf,
  createMeteorExactStem,
  createRouge,
  createTer,
  editDistance,
  porterStem,
  type RougeKind,
  type SquadVersion,
  scoreCorpus,
  scoreItem,
  squadScore,
  type TextPair,
  TOKENIZERS,
} from "../src/index.ts";
import { isSpace, trimEnd } from "../src/text/white-space.ts";

const FACTORIES = { bleu: createBleu, chrf: createChrf, ter: createTer };

type Question = {
  readonly sets: Record<string, TextPair[]>;
  readonly words: string[];
  readonly metrics: Record<keyof typeof FACTORIES, object[]>;
  readonly rouge: RougeKind[];
};

const [asked, answered] = process.argv.slice(2);
if (!asked || !answered) throw new Error("usage: node compare-text.ts QUESTION.json ANSWER.json");
const question: Question = JSON.parse(readFileSync(asked, "utf8"));

const answer = {
  sets: Object.fromEntries(Object.entries(question.sets).map(([kind, pairs]) => [kind, answerPairs(pairs)])),
  stems: question.words.map(porterStem),
  lower: everyCharacter()
    .filter((character) => character.toLowerCase() !== character)
    .map((character) => [character.codePointAt(0), pointsOf(character.toLowerCase())]),
  spaces: everyCharacter()
    .filter((character) => character.length === 1 && isSpace(character.charCodeAt(0)))
    .map((character) => character.codePointAt(0)),
};
writeFileSync(answered, JSON.stringify(answer));

function answerPairs(pairs: TextPair[]) {
  const texts = pairs.flatMap(({ hypothesis, references }) => [hypothesis, ...references]);
  const meteor = createMeteorExactStem();
  return {
    metrics: Object.entries(FACTORIES).flatMap(([metric, create]) =>
      (metric === "bleu" || metric === "chrf" || metric === "ter" ? question.metrics[metric] : []).map((options) => ({
        metric,
        options,
        ...answerMetric(create(options), pairs),
      })),
    ),
    rouge: [false, true].map((stemmer) => ({
      stemmer,
      scores: Object.fromEntries(
        question.rouge.map((kind) => [kind, answerRouge(createRouge(kind, { stemmer }), pairs)]),
      ),
    })),
    meteor: pairs.map(({ hypothesis, references }) => meteor.score(hypothesis, references)),
    squad: Object.fromEntries(
      (["1.1", "2.0"] satisfies SquadVersion[]).map((version) => [
        version,
        pairs.map(({ hypothesis, references }) => {
          const score = squadScore(hypothesis, references, version);
          return score && [score.exactMatch, score.f1];
        }),
      ]),
    ),
    edits: pairs.map(({ hypothesis, references }) => editDistance(hypothesis, references[0] ?? "")),
    tokens: Object.fromEntries(
      Object.entries(TOKENIZERS).map(([name, tokenize]) => [name, texts.map((text) => tokenize(trimEnd(text)))]),
    ),
  };
}

function answerMetric(metric: ReturnType<typeof createBleu> | ReturnType<typeof createChrf>, pairs: TextPair[]) {
  const corpora = Map.groupBy(pairs, ({ references }) => references.length);
  return {
    stats: pairs.map(({ hypothesis, references }) => metric.itemStats(hypothesis, references)),
    items: pairs.map((pair) => scoreItem<{ score: number }>(metric, pair).score),
    corpora: Object.fromEntries(
      Array.from(corpora, ([count, some]) => [
        count,
        { score: scoreCorpus<{ score: number }>(metric, some)?.score, signature: metric.signature(count) },
      ]),
    ),
  };
}

function answerRouge(rouge: ReturnType<typeof createRouge>, pairs: TextPair[]) {
  return pairs.map(({ hypothesis, references }) => {
    const score = rouge.score(hypothesis, references);
    return score && [score.precision, score.recall, score.fMeasure];
  });
}

function everyCharacter(): string[] {
  return Array.from({ length: 0x110000 }, (_, point) => point)
    .filter((point) => point < 0xd800 || point >= 0xe000)
    .map((point) => String.fromCodePoint(point));
}

function pointsOf(text: string): (number | undefined)[] {
  return Array.from(text, (character) => character.codePointAt(0));
}
