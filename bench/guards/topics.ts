// Measures the detector `topics` with the built-in embedding model, and writes the table of
// docs/reference/guard-results.md and the same figures for the server. Downloads nothing.
// Usage: node bench/guards/topics.ts FOLDER [--vectors FILE], to store the vectors, which take minutes, for the next time.
// FOLDER holds banking77/{train,test}.csv (CC-BY-4.0, PolyAI-LDN/task-specific-datasets), xquad/xquad.en.json (CC-BY-SA-4.0,
// google-deepmind/xquad) and gsm8k/test.jsonl (MIT, openai/grade-school-math).
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { DetectorFigure } from "../../packages/guards/src/figures/figures.ts";
import { createDraw } from "../../packages/guards/src/testing/random.ts";
import { createTopicModel } from "../../packages/server/src/modules/build/guards/late/topic-model.ts";
import { BUILTIN } from "../../packages/server/src/modules/build/models/index.ts";
import { createInference } from "../../packages/server/src/platform/inference/open.ts";
import { cellOf, figureOf, row, writeFigures, writeTable } from "./figures.ts";

const { values, positionals } = parseArgs({ options: { vectors: { type: "string" } }, allowPositionals: true });
const [folder] = positionals;
if (folder === undefined) {
  console.error("Give the folder of the data: node bench/guards/topics.ts FOLDER");
  process.exit(64);
}
type Text = { readonly text: string; readonly label: string; readonly vector: readonly number[] };
type Sample = { readonly denied: Text[]; readonly allowed: Text[]; readonly matches: Text[]; readonly others: Text[] };

const AT_ONCE = 16;
const ROUNDS = 77;
const DEFAULT_THRESHOLD = 0.5;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const inference = createInference({ memoryBudgetBytes: 1e9, parallel: 1, onnxFolder: "/nonexistent", log: silent });
const draw = createDraw(77);
const read = (path: string) => readFileSync(join(folder, path), "utf8");

/** The rows of a CSV file with a text and a label. */
function rowsOf(csv: string): { text: string; label: string }[] {
  const rows = csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*)),([a-z_A-Z?]+)\r?(?:\n|$)/g);
  return [...rows].slice(1).map(([, quoted, plain, label]) => ({
    text: (quoted ?? plain ?? "").replaceAll('""', '"').trim(),
    label: label ?? "",
  }));
}

type Vectors = Record<string, readonly number[]>;
const known: Vectors =
  values.vectors && existsSync(values.vectors) ? JSON.parse(readFileSync(values.vectors, "utf8")) : {};
const DIGITS = 5;

async function embed(rows: readonly { text: string; label: string }[]): Promise<Text[]> {
  const missing = [...new Set(rows.map(({ text }) => text).filter((text) => !Object.hasOwn(known, text)))];
  for (let start = 0; start < missing.length; start += AT_ONCE) {
    const texts = missing.slice(start, start + AT_ONCE);
    const request = { modelId: BUILTIN.id, texts, caller: "bench" };
    const { vectors } = await inference.embed(request, AbortSignal.timeout(600_000));
    for (const [place, text] of texts.entries())
      known[text] = (vectors[place] ?? []).map((value) => Number(value.toFixed(DIGITS)));
  }
  return rows.map((row) => ({ ...row, vector: known[row.text] ?? [] }));
}

function choose(texts: readonly Text[], count: number): Text[] {
  const rest = [...texts];
  return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(draw.below(rest.length), 1)).flat();
}

const atLeast = (scores: readonly number[], threshold: number) => scores.filter((score) => score >= threshold).length;

/** The smallest threshold that at most a share of the other texts reaches. */
const thresholdFor = (others: readonly number[], share: number) =>
  (others.toSorted((one, other) => other - one)[Math.floor(others.length * share)] ?? 1) + 1e-9;

const lines = [
  row("Topic", "Examples (denied, allowed)", "Recall", "False alarms", "Recall at 1 %", "Recall at 5 %"),
  row("---", "---", "---", "---", "---", "---"),
];
const figures: DetectorFigure[] = [];

function measure(name: string, examples: string, sample: () => Sample): void {
  const [matches, others]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const one = sample();
    const model = createTopicModel(
      one.denied.map(({ vector }) => vector),
      one.allowed.map(({ vector }) => vector),
    );
    matches.push(...one.matches.map(({ vector }) => model(vector)));
    others.push(...one.others.map(({ vector }) => model(vector)));
  }
  const share = (measure: DetectorFigure["measure"], threshold: number, at?: number) => {
    const scores = measure === "recall" ? matches : others;
    const count = atLeast(scores, threshold);
    return figureOf({ set: examples, about: name, measure, ...(at && { at }), count, texts: scores.length });
  };
  const found = [0.01, 0.05].map((at) => share("recall", thresholdFor(others, at), at));
  const usual = [share("recall", DEFAULT_THRESHOLD), share("flagged", DEFAULT_THRESHOLD)];
  lines.push(row(name, examples, ...[...usual, ...found].map(cellOf)));
  figures.push(...usual, ...found);
}

const train = await embed(rowsOf(read("banking77/train.csv")));
const test = await embed(rowsOf(read("banking77/test.csv")));
type Paragraphs = { data: { paragraphs: { qas: { question: string }[] }[] }[] };
const questions: Paragraphs = JSON.parse(read("xquad/xquad.en.json"));
const general = await embed(
  questions.data.flatMap(({ paragraphs }) =>
    paragraphs.flatMap(({ qas }) => qas.map(({ question }) => ({ text: question, label: "general" }))),
  ),
);
const maths = await embed(
  read("gsm8k/test.jsonl")
    .trim()
    .split("\n")
    .map((line) => ({ text: String(JSON.parse(line).question), label: "maths" })),
);
await inference.close();
if (values.vectors) writeFileSync(values.vectors, JSON.stringify(known));

const labels = [...new Set(test.map(({ label }) => label))];
const inTrain = (label: string) => train.filter((one) => one.label === label);
const FEWEST = 33;
const intents = labels.filter((label) => inTrain(label).length >= FEWEST);
const [mathsExamples, mathsTexts] = [maths.slice(0, maths.length / 2), maths.slice(maths.length / 2)];

let turn = 0;
for (const [denied, allowed] of [
  [8, 0],
  [32, 0],
  [8, 32],
  [32, 32],
  [32, 100],
] as const)
  measure("one of 77 intents of bank customers", `${denied}, ${allowed}`, () => {
    const label = intents[turn++ % intents.length] ?? "";
    return {
      denied: choose(inTrain(label), denied),
      allowed: choose(
        train.filter((one) => one.label !== label),
        allowed,
      ),
      matches: test.filter((one) => one.label === label),
      others: choose(
        test.filter((one) => one.label !== label),
        200,
      ),
    };
  });
for (const [denied, allowed] of [
  [8, 0],
  [32, 0],
  [8, 8],
  [32, 32],
] as const)
  measure("mathematics, among bank customers and general questions", `${denied}, ${allowed}`, () => ({
    denied: choose(mathsExamples, denied),
    allowed: choose(train, allowed),
    matches: choose(mathsTexts, 100),
    others: [...choose(test, 100), ...choose(general, 100)],
  }));
for (const allowed of [8, 32, 100])
  measure("off-topic for a bank: general questions and mathematics", `0, ${allowed}`, () => ({
    denied: [],
    allowed: choose(train, allowed),
    matches: [...choose(general, 100), ...choose(maths, 100)],
    others: choose(test, 200),
  }));

writeTable("topics", lines);
writeFigures({ topics: figures });
