// Search over synthetic chunks with a Zipf vocabulary, each against a peer in the same run.
// - Exact vectors: the top 10 of all chunks, 384 dimensions, against a bare loop over the same array. Goal: under 3×.
// - BM25: queries of 6 words against MiniSearch 7.2.0 (BM25+) on the same words. Goal: under 2×.
// - Merging the chunks' terms into an index, 120 distinct terms per chunk. Goal: under 3 s for 50,000 chunks.
// MiniSearch comes from `npm ci --prefix bench`.
// Usage: node bench/retrieval/search.ts [--chunks 50000] [--queries 50]
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { createRandom } from "../../packages/metrics/src/index.ts";
import {
  buildLexicalIndex,
  collectTerms,
  createAnalyzer,
  createVectorTable,
} from "../../packages/retrieval/src/index.ts";

const GOALS = { vectors: 3, words: 2, mergeSeconds: 3 };
const VOCABULARY = 50_000;
const DIMENSIONS = 384;
const WORDS_PER_CHUNK = 150;
const QUERY_WORDS = 6;
const CHUNKS_PER_DOCUMENT = 20;
const LIMIT = 10;

const { values } = parseArgs({
  options: { chunks: { type: "string", default: "50000" }, queries: { type: "string", default: "50" } },
});
const chunkCount = Number(values.chunks);
const queryCount = Number(values.queries);
const random = createRandom(7);

/** Words of letters alone, by rank as Zipf's law has them. */
function drawWord(): string {
  const rank = Math.floor(VOCABULARY ** random.next());
  return `w${rank.toString(26).replace(/[0-9]/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "")}`;
}
const drawWords = (count: number) => Array.from({ length: count }, drawWord);

function time<Value>(run: () => Value): { readonly value: Value; readonly ms: number } {
  const started = performance.now();
  const value = run();
  return { value, ms: performance.now() - started };
}

/** The median of the milliseconds per query; the queries run once before, to warm up. */
function medianMs<Query>(queries: readonly Query[], run: (query: Query) => unknown): number {
  for (const query of queries) run(query);
  const all = queries.map((query) => time(() => run(query)).ms).sort((a, b) => a - b);
  return all[all.length >> 1] ?? Number.NaN;
}

function print(name: string, figures: string, isMet: boolean): void {
  console.log(`${name.padEnd(14)} ${figures}   ${isMet ? "met" : "MISSED"}`);
  if (!isMet) process.exitCode = 1;
}

function bareLoop(rows: Float32Array, query: Float32Array): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < chunkCount; row++) {
    let sum = 0;
    for (let i = 0; i < DIMENSIONS; i++) sum += (rows[row * DIMENSIONS + i] as number) * (query[i] as number);
    if (sum > best) best = sum;
  }
  return best;
}

function compareVectors(): void {
  const rows = Float32Array.from({ length: chunkCount * DIMENSIONS }, () => random.next() - 0.5);
  const table = createVectorTable({ dimensions: DIMENSIONS, rows });
  const queries = Array.from({ length: queryCount }, () =>
    Float32Array.from({ length: DIMENSIONS }, () => random.next() - 0.5),
  );
  const bare = medianMs(queries, (query) => bareLoop(rows, query));
  const own = medianMs(queries, (query) => table.search(query, { limit: LIMIT }));
  const times = `${own.toFixed(1)} ms, bare loop ${bare.toFixed(1)} ms, ratio ${(own / bare).toFixed(2)}`;
  print("vectors", times, own / bare < GOALS.vectors);
}

type Peer = { addAll(rows: readonly object[]): void; search(query: string): readonly unknown[] };
type PeerOptions = { readonly fields: readonly string[]; readonly searchOptions: object };

function createPeer(): Peer {
  const load = createRequire(new URL("../package.json", import.meta.url));
  const MiniSearch: new (options: PeerOptions) => Peer = load("minisearch");
  return new MiniSearch({ fields: ["body"], searchOptions: { combineWith: "OR" } });
}

function compareWords(): void {
  const bodies = Array.from({ length: chunkCount }, () => drawWords(WORDS_PER_CHUNK).join(" "));
  const queries = Array.from({ length: queryCount }, () => drawWords(QUERY_WORDS));
  /** Malay has no stemmer, so both index the same words. */
  const analyzer = createAnalyzer("ms");
  const documents = Array.from({ length: Math.ceil(chunkCount / CHUNKS_PER_DOCUMENT) }, (_, at) =>
    bodies.slice(at * CHUNKS_PER_DOCUMENT, (at + 1) * CHUNKS_PER_DOCUMENT).map((body) => ({ body })),
  );
  const analysis = time(() => documents.map((chunks) => collectTerms(chunks, analyzer)));
  const merge = time(() => buildLexicalIndex(analysis.value));
  const postings = analysis.value.reduce((sum, { termIds }) => sum + termIds.length, 0);
  const distinct = `${(postings / chunkCount).toFixed(0)} distinct terms per chunk`;
  print("merge", `${(merge.ms / 1_000).toFixed(2)} s, ${distinct}`, merge.ms / 1_000 < GOALS.mergeSeconds);
  const peer = createPeer();
  const peerBuild = time(() => peer.addAll(bodies.map((body, id) => ({ id, body }))));
  const build = (analysis.ms + merge.ms) / 1_000;
  console.log(`build          ${build.toFixed(1)} s with analysis, MiniSearch ${(peerBuild.ms / 1_000).toFixed(1)} s`);
  const own = medianMs(queries, (terms) => merge.value.search(terms, { limit: LIMIT }));
  const other = medianMs(queries, (terms) => peer.search(terms.join(" ")));
  const times = `${own.toFixed(2)} ms, MiniSearch ${other.toFixed(2)} ms, ratio ${(own / other).toFixed(3)}`;
  print("words", times, own / other < GOALS.words);
}

compareVectors();
compareWords();
