// Measures near-duplicates among short texts with the curation step's method: MinHash in a separate thread, fed by the
// thread that serves requests. Planted duplicates show the detection rate.
// Goals for 200,000 rows: under 10 minutes, under 1 GB of additional memory, a p99 of the event loop under 20 ms, and
// every planted pair found that the detection curve predicts.
// `ratio` compares the time with reading the same items (JSON.parse and SHA-256 of each) in the same run.
// Usage: node bench/near-duplicates.ts [--rows 200000] [--rounds 1]
import { hash } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import type { Item } from "../packages/contract/src/index.ts";
import { findNearDuplicates } from "../packages/server/src/modules/data/curation/duplicates/find-near-duplicates.ts";
import { layersFor } from "../packages/server/src/modules/data/curation/duplicates/near-layers.ts";
import { detectionProbability } from "../packages/server/src/modules/data/curation/sets/minhash.ts";
import { jaccard } from "../packages/server/src/modules/data/curation/sets/set-pool.ts";
import { bareWords, shinglesOf } from "../packages/server/src/modules/data/curation/sets/shingles.ts";
import { createRandom } from "../packages/server/src/modules/system/samples/random.ts";

const GOALS = { minutes: 10, bytes: 1e9, p99Ms: 20 };
/** As many words as there are; drawn as Zipf's law has them. */
const WORDS = 20_000;
const PLANTED_SHARE = 0.1;
const MEMORY_EVERY_MS = 20;
const CHUNK_ROWS = 1_000;

const { values } = parseArgs({
  options: { rows: { type: "string", default: "200000" }, rounds: { type: "string", default: "1" } },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);
const random = createRandom(7);
const fraction = () => random.integer(0, 2 ** 24) / (2 ** 24 + 1);

/** Words of letters alone: texts with different numbers would not be compared. */
const drawWord = () => {
  const rank = Math.floor(WORDS ** fraction()).toString(26);
  return rank.replaceAll(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "").padStart(3, "m");
};
const layers = layersFor({});
const drawText = () => Array.from({ length: random.integer(8, 40) }, drawWord).join(" ");
const changed = (text: string) => {
  const words = text.split(" ");
  return words.with(random.integer(0, words.length - 1), drawWord()).join(" ");
};

type Planted = { readonly original: number; readonly row: number; readonly probability: number };

/** Lines of JSON, and which of them are changed copies of others. */
function makeLines(): { lines: string[]; planted: Planted[] } {
  const texts: string[] = [];
  const planted: Planted[] = [];
  for (let row = 0; row < rows; row++) {
    const isCopy = row > 0 && random.chance(PLANTED_SHARE);
    const original = isCopy ? random.integer(0, row - 1) : row;
    const text = isCopy ? changed(texts[original] ?? "") : drawText();
    const probability = isCopy ? probabilityOf(texts[original] ?? "", text) : 0;
    if (probability > 0) planted.push({ original, row, probability });
    texts.push(text);
  }
  const lines = texts.map((question, row) =>
    JSON.stringify({
      itemId: `it_${row}`,
      inputs: { question },
      expected: null,
      metadata: {},
      source: { kind: "file" },
      split: null,
    }),
  );
  return { lines, planted };
}
/** How likely a pair is found by the layer that finds it best; 0 for a pair that is near in none. */
function probabilityOf(one: string, two: string): number {
  const lengths = [one, two].map((text) => bareWords(text, false).length);
  return Math.max(
    ...layers.map((layer) => {
      const holdsBoth = lengths.every((length) => length >= layer.fromWords && length <= layer.toWords);
      const similarity = holdsBoth ? jaccard(shinglesOf(one, layer), shinglesOf(two, layer)) : 0;
      return similarity >= layer.threshold ? detectionProbability(similarity, layer) : 0;
    }),
  );
}

/** Items as they come from storage: a piece of it at a time. */
async function* read(lines: readonly string[]): AsyncGenerator<Item> {
  for (let start = 0; start < lines.length; start += CHUNK_ROWS) {
    const chunk = lines.slice(start, start + CHUNK_ROWS).map((line): Item => JSON.parse(line));
    await new Promise((resolve) => setImmediate(resolve));
    yield* chunk;
  }
}

/** The most memory that was taken while something ran, above what was taken before. */
async function watchMemory<Result>(work: () => Promise<Result>): Promise<{ result: Result; bytes: number }> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, MEMORY_EVERY_MS);
  const result = await work();
  clearInterval(timer);
  return { result, bytes: most - before };
}

const verdict = (isMet: boolean) => {
  if (!isMet) process.exitCode = 1;
  return isMet ? "met" : "MISSED";
};

const { lines, planted } = makeLines();
const expected = planted.reduce((sum, { probability }) => sum + probability, 0);
const spread = Math.sqrt(planted.reduce((sum, { probability }) => sum + probability * (1 - probability), 0));
console.log(`${rows} texts of 8 to 40 words, ${planted.length} of them planted near another`);

for (let round = 1; round <= rounds; round++) {
  const aloneAt = performance.now();
  for (const line of lines) {
    JSON.parse(line);
    hash("sha256", line);
  }
  const aloneMs = performance.now() - aloneAt;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const reading = { read: () => read(lines), rows, signal: new AbortController().signal, progress: () => undefined };
  const startedAt = performance.now();
  delay.enable();
  const { result, bytes } = await watchMemory(() => findNearDuplicates(reading, { of: "all" }));
  delay.disable();
  const tookMs = performance.now() - startedAt;
  const detected = planted.filter(
    ({ original, row }) => result.groups[row] === result.groups[original] && (result.groups[row] ?? -1) >= 0,
  );
  const removed = result.keptRows.filter((row) => row >= 0).length;
  const p99Ms = delay.percentile(99) / 1e6;
  // A pair that its own bands miss is at times found through a third text, so only too few are wrong.
  const isAsPromised = detected.length >= expected - 3 * spread;
  console.log(`round ${round}`);
  console.log(
    `  time     ${(tookMs / 1_000).toFixed(1)} s, ${Math.round(rows / (tookMs / 1_000))} a second   goal < ${GOALS.minutes} min   ${verdict(tookMs < GOALS.minutes * 60_000)}`,
  );
  console.log(`  ratio    ${(aloneMs / tookMs).toFixed(3)} of the speed of JSON.parse and SHA-256`);
  console.log(
    `  memory   ${Math.round(bytes / 1e6)} MB more at most   goal < ${GOALS.bytes / 1e6} MB   ${verdict(bytes < GOALS.bytes)}`,
  );
  console.log(
    `  loop p99 ${p99Ms.toFixed(1)} ms (sampled every 1)   goal < ${GOALS.p99Ms}   ${verdict(p99Ms < GOALS.p99Ms)}`,
  );
  console.log(
    `  found    ${detected.length} of ${planted.length} planted, ${expected.toFixed(0)} ± ${(3 * spread).toFixed(0)} promised   ${verdict(isAsPromised)}; ${removed} removed in all`,
  );
}
