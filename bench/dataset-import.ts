// Compares the import of a JSONL file into a dataset version with JSON.parse and SHA-256 of the same lines in one
// process. Also measures the server's memory. The two alternate, and the ratio uses their medians.
// Usage: node bench/dataset-import.ts [--rows 200000] [--runs 3]
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createClient, sendDatasetFile } from "../packages/sdk/src/index.ts";
import { startTreadle } from "../tests/setup/start-treadle.ts";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "200000" }, runs: { type: "string", default: "3" } },
});
const rows = Number(values.rows);
const runs = Number(values.runs);
const LEAST_RATIO = 0.3;
const MOST_MB = 300;

const WORDS =
  "the card has not arrived yet and I would like to know when it comes because my account shows a payment that failed twice this week while the app says it is pending please help me find out what went wrong".split(
    " ",
  );

/** Chats of one question and one answer, about 500 bytes each; the same for the same number. */
function makeLines(): string[] {
  let seed = 1;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed % below;
  };
  const randomWords = (words: number) => Array.from({ length: words }, () => WORDS[next(WORDS.length)]).join(" ");
  return Array.from({ length: rows }, (_, place) =>
    JSON.stringify({
      messages: [
        { role: "system", content: "You answer questions of customers of a bank." },
        { role: "user", content: `${randomWords(25 + next(20))}? (${place})` },
        { role: "assistant", content: randomWords(20 + next(25)) },
      ],
      metadata: { topic: WORDS[next(WORDS.length)], score: next(100) / 100 },
    }),
  );
}

/** Seconds that reading and hashing the lines takes, and nothing else. */
function readAlone(lines: readonly string[]): number {
  const startedAt = performance.now();
  let bytes = 0;
  for (const line of lines) {
    const row: { messages: unknown[] } = JSON.parse(line);
    bytes += row.messages.length + createHash("sha256").update(line).digest("hex").length;
  }
  if (bytes === 0) throw new Error("nothing was read");
  return (performance.now() - startedAt) / 1_000;
}

const residentMb = (pid: number) =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;

const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;

const lines = makeLines();
const content = Buffer.from(`${lines.join("\n")}\n`);
const treadle = await startTreadle({ env: { TREADLE_SAMPLE_DATA: "false" } });
const client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });

/** Until the server rests: the rows of the version before have been put where filters find them. What recurs is always queued, so only what is due counts. */
async function untilAtRest() {
  const isDue = ({ runAt }: { runAt: string }) => Date.parse(runAt) <= Date.now();
  const isBusy = async () => (await client.call("GET /api/v1/jobs", { query: { status: "active" } })).items.some(isDue);
  do await delay(3_000);
  while (await isBusy());
}

/** Seconds from the order to import a file that has arrived until it is a version, and the most memory meanwhile. */
async function importOnce(run: number) {
  const { fileId } = await sendDatasetFile(client, { name: "chats.jsonl", content: new Blob([content]) });
  const { datasetId } = await client.call("POST /api/v1/datasets", { body: { name: `bench ${run}` } });
  await untilAtRest();
  const restMb = residentMb(treadle.pid);
  let mostMb = restMb;
  const watch = setInterval(() => {
    mostMb = Math.max(mostMb, residentMb(treadle.pid));
  }, 20);
  const startedAt = performance.now();
  const params = { datasetId };
  const { jobId, importId } = await client.call("POST /api/v1/datasets/:datasetId/imports", {
    params,
    body: { fileId },
  });
  for (;;) {
    const { status, error } = await client.call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    if (status === "done") break;
    if (error) throw new Error(error.message);
    await delay(50);
  }
  const { stats } = await client.call("POST /api/v1/datasets/:datasetId/draft/commit", {
    params,
    body: { message: "all" },
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  clearInterval(watch);
  const { rowsAdded } = await client.call("GET /api/v1/dataset-imports/:importId", { params: { importId } });
  if (rowsAdded !== rows || stats.rows !== rows) throw new Error(`${stats.rows} of ${rows} rows are in the version`);
  return { seconds, addedMb: mostMb - restMb };
}

const alone: number[] = [];
const imports: Awaited<ReturnType<typeof importOnce>>[] = [];
for (let run = 0; run < runs; run++) {
  alone.push(readAlone(lines));
  const made = await importOnce(run);
  imports.push(made);
  console.log(
    `run ${run + 1}: parse and hash ${(alone.at(-1) ?? 0).toFixed(2)} s, import ${made.seconds.toFixed(2)} s, ${made.addedMb.toFixed(0)} MB above rest`,
  );
}
alone.push(readAlone(lines));
await treadle.stop();

const ratio = median(alone) / median(imports.map(({ seconds }) => seconds));
const addedMb = Math.max(...imports.map((made) => made.addedMb));
console.log(`${rows} rows, ${(content.length / 1e6).toFixed(0)} MB`);
console.log(`import runs at ${ratio.toFixed(2)} of the rate of JSON.parse and SHA-256 (goal: at least ${LEAST_RATIO})`);
console.log(`memory: ${addedMb.toFixed(0)} MB above rest (goal: under ${MOST_MB})`);
if (ratio < LEAST_RATIO || addedMb > MOST_MB) process.exitCode = 1;
