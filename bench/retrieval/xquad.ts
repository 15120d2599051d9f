// How well search finds the paragraph that answers a question, on files in the format of SQuAD, one per language.
// Words, meaning and hybrid are the product's own; MiniSearch 7.2.0 with its defaults is the baseline.
// - The table has hit@1 and MRR@10 over the first 120 paragraphs and over all, with the defaults of a knowledge base.
// - `--settings` measures other settings of the hybrid on the odd questions, and confirms each on the even ones.
// Goal: in each language, the hybrid is better than both of its parts.
// XQuAD (https://github.com/google-deepmind/xquad, CC BY-SA 4.0) is such a set: one file per language, 240 paragraphs.
// Vectors take some minutes per language on two cores; `--cache` stores them. MiniSearch: `npm ci --prefix bench`.
// Usage: node bench/retrieval/xquad.ts FOLDER --model FILE.gguf [--languages en,de,es,ru,zh] [--paragraphs 240]
//        [--cache FILE] [--settings] [--candidates 100] [--fusion scores] [--weight 0.4]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { KnowledgeSearching } from "../../packages/contract/src/index.ts";
import { fuseByRank, fuseByScore } from "../../packages/retrieval/src/index.ts";
import { listQuestions, type QuestionLists } from "./xquad-lists.ts";
import { firstOf, readXquad } from "./xquad-set.ts";
import { embedSets } from "./xquad-vectors.ts";

const FEW = 120;
const DEPTH = 10;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    languages: { type: "string", default: "en,de,es,ru,zh" },
    paragraphs: { type: "string", default: "240" },
    model: { type: "string" },
    cache: { type: "string" },
    settings: { type: "boolean", default: false },
    candidates: { type: "string", default: "100" },
    fusion: { type: "string" },
    weight: { type: "string" },
  },
});
const [folder] = positionals;
const { model, cache } = values;
if (folder === undefined || model === undefined) {
  console.error("Give the folder of the files and a model: node bench/retrieval/xquad.ts FOLDER --model FILE.gguf");
  process.exit(64);
}

type Setting = Pick<KnowledgeSearching, "fusion" | "wordWeight"> & { readonly k?: number };
type Measures = { readonly hit: number; readonly mrr: number };
type Ranker = (lists: QuestionLists) => readonly string[];

const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
const byHybrid =
  ({ fusion, wordWeight, k = 60 }: Setting): Ranker =>
  ({ words, meaning }) => {
    const weights = [wordWeight, 1 - wordWeight];
    return ids(
      fusion === "scores"
        ? fuseByScore([words, meaning], weights)
        : fuseByRank([ids(words), ids(meaning)], { k, weights }),
    );
  };
const byWords: Ranker = ({ words }) => ids(words);
const byMeaning: Ranker = ({ meaning }) => ids(meaning);
const byPeer: Ranker = ({ peer }) => peer;

/** Shares of 1: the answer first, and the mean of 1 / rank with 0 below the tenth place. */
function measure(questions: readonly QuestionLists[], rank: Ranker): Measures {
  let [hits, reciprocals] = [0, 0];
  for (const lists of questions) {
    const place = rank(lists).indexOf(lists.answer);
    if (place === 0) hits++;
    if (place >= 0 && place < DEPTH) reciprocals += 1 / (place + 1);
  }
  return { hit: hits / questions.length, mrr: reciprocals / questions.length };
}

type Part = "all" | "odd" | "even";
const partOf = (questions: readonly QuestionLists[], part: Part) =>
  part === "all" ? questions : questions.filter((_, at) => (at % 2 === 0) === (part === "odd"));

const row = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(" | ")} |`);
const cellOf = ({ hit, mrr }: Measures) => `${hit.toFixed(3)} / ${mrr.toFixed(3)}`;
const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;

/** What the hybrid adds to the better part, in hit@1 and in MRR@10. */
function gainOf(questions: readonly QuestionLists[], setting: Setting): Measures {
  const [hybrid, words, meaning] = [byHybrid(setting), byWords, byMeaning].map((rank) => measure(questions, rank));
  const over = (of: keyof Measures) => (hybrid?.[of] ?? 0) - Math.max(words?.[of] ?? 0, meaning?.[of] ?? 0);
  return { hit: over("hit"), mrr: over("mrr") };
}

type Measured = { readonly language: string; readonly size: number; readonly questions: readonly QuestionLists[] };

function printTable(measured: readonly Measured[], setting: Setting): void {
  row("language", "paragraphs", "questions", "MiniSearch", "words", "meaning", "hybrid", "gain: all", "odd", "even");
  row(...Array<string>(10).fill("---"));
  for (const { language, size, questions } of measured) {
    const cells = [byPeer, byWords, byMeaning, byHybrid(setting)].map((rank) => cellOf(measure(questions, rank)));
    const gains = (["all", "odd", "even"] as const).map((part) => gainOf(partOf(questions, part), setting));
    const all = gains[0];
    if (!all || all.hit <= 0 || all.mrr <= 0) process.exitCode = 1;
    row(language, size, questions.length, ...cells, ...gains.map(({ hit, mrr }) => `${signed(hit)} / ${signed(mrr)}`));
  }
  console.log(`\nHybrid better than both parts everywhere: ${process.exitCode === 1 ? "MISSED" : "met"}`);
}

const WEIGHTS = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
const SETTINGS: readonly Setting[] = [
  ...[2, 5, 10, 20, 60].flatMap((k) => WEIGHTS.map((wordWeight) => ({ fusion: "ranks", wordWeight, k }) as const)),
  ...WEIGHTS.map((wordWeight) => ({ fusion: "scores", wordWeight }) as const),
];

/** The smallest gain of any language and size, so that a setting cannot win by one language. */
function leastGain(measured: readonly Measured[], setting: Setting, part: Part): Measures {
  const gains = measured.map(({ questions }) => gainOf(partOf(questions, part), setting));
  return { hit: Math.min(...gains.map(({ hit }) => hit)), mrr: Math.min(...gains.map(({ mrr }) => mrr)) };
}

function printSettings(measured: readonly Measured[]): void {
  row("fusion", "k", "word weight", "least gain: odd", "even", "all");
  row(...Array<string>(6).fill("---"));
  const all = SETTINGS.map((setting) => ({ setting, odd: leastGain(measured, setting, "odd") }));
  for (const { setting, odd } of all.toSorted(
    (one, other) => other.odd.hit + other.odd.mrr - one.odd.hit - one.odd.mrr,
  )) {
    const gains = [odd, leastGain(measured, setting, "even"), leastGain(measured, setting, "all")];
    const cells = gains.map(({ hit, mrr }) => `${signed(hit)} / ${signed(mrr)}`);
    row(setting.fusion, setting.k ?? "–", setting.wordWeight, ...cells);
  }
}

const chosen = KnowledgeSearching.parse({
  fusion: values.fusion,
  wordWeight: values.weight === undefined ? undefined : Number(values.weight),
});
const most = Number(values.paragraphs);
const sets = values.languages
  .split(",")
  .map((language) => readXquad(join(folder, `${language}.json`), { language, most }));
const vectors = await embedSets({ model, cache, sets });
const measured = sets.flatMap((set) =>
  [...new Set([Math.min(FEW, most), most])].map((size) => ({
    language: set.language,
    size,
    questions: listQuestions(firstOf(set, size), { vectors, candidates: Number(values.candidates) }),
  })),
);
console.log("Each cell is hit@1 / MRR@10. A gain is that of the hybrid over the better of its parts.\n");
if (values.settings) printSettings(measured);
else printTable(measured, chosen);
