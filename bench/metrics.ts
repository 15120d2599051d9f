// BLEU, chrF and ROUGE of packages/metrics against Python's sacrebleu and rouge-score on the same pairs in the same run. Prints for each the
// seconds of both, the ratio (how many times faster this is; goal: more than 1) and that both say the same. Ends with 1 if one does not or is
// slower. Needs a Python with packages/metrics/golden/requirements.txt.
// Usage: node bench/metrics.ts [--python python3] [--pairs 10000] [--rounds 1]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  createBleu,
  createChrf,
  createRandom,
  createRouge,
  type RougeKind,
  scoreCorpus,
  type TextPair,
} from "../packages/metrics/src/index.ts";

/** As many words as there are; drawn as Zipf's law has them. */
const WORDS = 20_000;
const ENDINGS = ["", "s", "ed", "ing", "ly", "ation", "ness"];

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    pairs: { type: "string", default: "10000" },
    rounds: { type: "string", default: "1" },
  },
});

type Timed = { readonly name: string; readonly seconds: number; readonly value: number };

const random = createRandom(7);

function drawWord(): string {
  const rank = Math.floor(WORDS ** random.next());
  return rank.toString(26).replace(/[0-9]/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "") + (ENDINGS[rank % 7] ?? "");
}

/** Three lines of about ten words, with punctuation. */
const drawText = () =>
  Array.from({ length: 3 }, () => `${Array.from({ length: 6 + random.below(9) }, drawWord).join(" ")}, ${drawWord()}.`);

function drawPair(): TextPair {
  const lines = drawText();
  const changed = lines.map((line) =>
    line
      .split(" ")
      .map((word) => (random.below(4) === 0 ? drawWord() : word))
      .join(" "),
  );
  return { hypothesis: changed.join("\n"), references: [lines.join("\n")] };
}

/** The best of the rounds: the first ones warm up. */
function time(name: string, compute: () => number): Timed {
  let [seconds, value] = [Number.POSITIVE_INFINITY, 0];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const started = performance.now();
    value = compute();
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
  }
  return { name, seconds, value };
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

const timeRouge = (pairs: readonly TextPair[], kind: RougeKind) =>
  time(kind, () => {
    const rouge = createRouge(kind, { stemmer: true });
    return mean(pairs.map(({ hypothesis, references }) => rouge.score(hypothesis, references)?.fMeasure ?? 0));
  });

function timeOurs(pairs: readonly TextPair[]): Timed[] {
  return [
    time("bleu", () => scoreCorpus(createBleu(), pairs)?.score ?? 0),
    time("chrf", () => scoreCorpus(createChrf(), pairs)?.score ?? 0),
    ...(["rouge1", "rouge2", "rougeL", "rougeLsum"] as const).map((kind) => timeRouge(pairs, kind)),
  ];
}

function timePeer(pairs: readonly TextPair[]): Timed[] {
  const folder = mkdtempSync(join(tmpdir(), "treadle-bench-"));
  try {
    const file = join(folder, "pairs.json");
    writeFileSync(file, JSON.stringify(pairs));
    const peer = spawnSync(values.python, [join(import.meta.dirname, "metrics-peer.py"), file, values.rounds], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (peer.status !== 0)
      throw new Error(
        `${values.python} could not run the peer. Install packages/metrics/golden/requirements.txt and name its Python with --python.`,
      );
    return JSON.parse(peer.stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const pairs = Array.from({ length: Number(values.pairs) }, drawPair);
const ours = timeOurs(pairs);
const peer = timePeer(pairs);
console.log(`${pairs.length} pairs of about 30 words, best of ${values.rounds} rounds, one process each`);
for (const { name, seconds, value } of ours) {
  const other = peer.find((timed) => timed.name === name);
  if (!other) throw new Error(`the peer did not time ${name}`);
  const ratio = other.seconds / seconds;
  const isSame = Math.abs(other.value - value) <= 1e-9 * Math.abs(value);
  console.log(
    `${name.padEnd(9)} here ${seconds.toFixed(3)} s, Python ${other.seconds.toFixed(3)} s, ratio ${ratio.toFixed(1)}, value ${value.toFixed(6)} ${isSame ? "in both" : `here and ${other.value.toFixed(6)} there`}`,
  );
  if (!isSame || ratio < 1) process.exitCode = 1;
}
