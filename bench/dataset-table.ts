// How fast the table of a dataset answers over a version of a million items: its first rows, a page in its middle, and filters and sorting
// of each kind. Each is asked several times, and the slowest counts. Goals: first rows under 300 ms, any filter under 1 s.
// Usage: node bench/dataset-table.ts [--rows 1000000] [--asked 5]
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createClient, sendDatasetFile } from "../packages/sdk/src/index.ts";
import { startTreadle } from "../tests/setup/start-treadle.ts";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "1000000" }, asked: { type: "string", default: "5" } },
});
const rows = Number(values.rows);
const asked = Number(values.asked);
const GOALS = { firstMs: 300, filterMs: 1_000 };
const AT_ONCE = 10_000;
const TOPICS = ["card", "transfer", "limit", "refund", "currency", "login", "exchange"];

/** Questions and answers of about 250 bytes. */
async function* makeFile() {
  for (let start = 0; start < rows; start += AT_ONCE) {
    const lines = Array.from({ length: Math.min(AT_ONCE, rows - start) }, (_, at) => {
      const row = start + at;
      const topic = TOPICS[(row * 31) % TOPICS.length];
      const question = `Question ${row} about my ${topic}: it did not work again today, what shall I do now?`;
      const metadata = { topic, score: (row * 7_919) % 10_007, lang: row % 9 === 0 ? "de" : "en" };
      return `${JSON.stringify({ inputs: { question }, expected: `Look at ${topic} ${row % 997}.`, metadata })}\n`;
    });
    yield Buffer.from(lines.join(""));
  }
}

const treadle = await startTreadle({ env: { TREADLE_SAMPLE_DATA: "false" } });
const client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
const { datasetId } = await client.call("POST /api/v1/datasets", { body: { name: "table" } });
const params = { datasetId };

async function importAll() {
  const { fileId } = await sendDatasetFile(client, { name: "rows.jsonl", content: makeFile() });
  const startedAt = performance.now();
  const { jobId } = await client.call("POST /api/v1/datasets/:datasetId/imports", { params, body: { fileId } });
  for (;;) {
    const { status, error } = await client.call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    if (status === "done") break;
    if (error) throw new Error(error.message);
    await delay(100);
  }
  await client.call("POST /api/v1/datasets/:datasetId/draft/commit", { params, body: { message: "all" } });
  console.log(`${rows} rows became a version in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  for (;;) {
    const where = { params: { ...params, version: "1" } };
    const { indexedRows } = await client.call("GET /api/v1/datasets/:datasetId/versions/:version", where);
    if (indexedRows === rows) break;
    await delay(200);
  }
  console.log(`and filters find all of them after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}

type Question = { readonly name: string; readonly goalMs: number; readonly query: Record<string, string | number> };
const QUESTIONS: readonly Question[] = [
  { name: "first rows", goalMs: GOALS.firstMs, query: {} },
  { name: "rows in the middle", goalMs: GOALS.firstMs, query: { from: Math.floor(rows / 2) } },
  { name: "a field is a word", goalMs: GOALS.filterMs, query: { filter: "metadata.topic:refund" } },
  { name: "a number is large", goalMs: GOALS.filterMs, query: { filter: "metadata.score>9990" } },
  { name: "a text holds a word", goalMs: GOALS.filterMs, query: { filter: '"777 about"' } },
  { name: "an answer is one", goalMs: GOALS.filterMs, query: { filter: 'expected:"Look at refund 996."' } },
  {
    name: "two at once",
    goalMs: GOALS.filterMs,
    query: { filter: "metadata.lang:de metadata.score<100" },
  },
  { name: "sorted by a number", goalMs: GOALS.filterMs, query: { sort: "-metadata.score" } },
];

async function measureQuery({ name, goalMs, query }: Question): Promise<void> {
  const times: number[] = [];
  let rowsFound = 0;
  for (let round = 0; round < asked; round++) {
    const startedAt = performance.now();
    const page = await client.call("GET /api/v1/datasets/:datasetId/items", {
      params,
      query: { at: "1", limit: 50, maxChars: 300, ...query },
    });
    times.push(performance.now() - startedAt);
    rowsFound = page.total;
  }
  const slowest = Math.max(...times);
  const isMet = slowest < goalMs;
  if (!isMet) process.exitCode = 1;
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  console.log(
    `  ${name.padEnd(20)} ${middle.toFixed(0).padStart(5)} ms, at most ${slowest.toFixed(0)} ms   ${rowsFound} found   goal < ${goalMs} ms   ${isMet ? "met" : "MISSED"}`,
  );
}

try {
  await importAll();
  for (const question of QUESTIONS) await measureQuery(question);
} finally {
  await treadle.stop();
}
