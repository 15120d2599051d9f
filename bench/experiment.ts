// Compares experiments with promptfoo on one mock provider, and measures how fast two large runs can be compared.
// Usage: node bench/experiment.ts [runner] [pages] [--items 3000] [--rounds 3]
// `runner` needs Debian's nginx, and the peer: npm ci --prefix bench --ignore-scripts
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { answer } from "./gateway/gateway-chat.ts";
import { percentile } from "./gateway/gateway-load.ts";
import { cpuMicroseconds, createProcesses, type Running } from "./gateway/gateway-processes.ts";
import { addConnection, clientOf, startServer } from "./gateway/gateway-treadle.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { items: { type: "string", default: "3000" }, rounds: { type: "string", default: "3" } },
});
const ITEMS = Number(values.items);
const ROUNDS = Number(values.rounds);
const IN_FLIGHT = 16;
const WARM_UP = 200;
const PAGE_ITEMS = 10_000;
const PEER = fileURLToPath(new URL("./node_modules/promptfoo/dist/src/main.js", import.meta.url));
const wanted = new Set(positionals.length > 0 ? positionals : ["runner", "pages"]);

const processes = await createProcesses();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void processes.close().then(() => process.exit(130)));
let hasMissed = false;

const median = (numbers: readonly number[]) => percentile(Float64Array.from(numbers).sort(), 0.5);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function report(what: string, value: number, { atLeast, atMost }: { atLeast?: number; atMost?: number }) {
  const isMet = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
  if (!isMet) hasMissed = true;
  const goal = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  console.log(`${what.padEnd(64)} ${value.toFixed(2).padStart(10)}  goal ${goal}  ${isMet ? "met" : "MISSED"}`);
}

type Client = ReturnType<typeof clientOf>;
const questionOf = (at: number) => `Which day does order ${at} arrive?`;
const expected = JSON.parse(answer).choices[0].message.content as string;

async function makeDataset({ call }: Client, name: string, length: number): Promise<string> {
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name } });
  for (let from = 0; from < length; from += 500) {
    const items = Array.from({ length: Math.min(500, length - from) }, (_, at) => ({
      itemId: `q${from + at}`,
      inputs: { question: questionOf(from + at) },
      expected,
      metadata: { topic: `topic ${(from + at) % 20}` },
    }));
    await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  }
  await call("POST /api/v1/datasets/:datasetId/draft/commit", { params: { datasetId }, body: { message: "all" } });
  return datasetId;
}

/** Seconds and CPU from the request until the last answer and score is stored and summed up. */
async function runTreadle(running: Running, datasetId: string) {
  const { call } = clientOf(running);
  const cpu = cpuMicroseconds(running.pid);
  const startedAt = performance.now();
  const { experimentId } = await call("POST /api/v1/experiments", {
    body: {
      name: "Bench",
      dataset: { datasetId },
      variants: [{ name: "v", model: "up/gpt-4o" }],
      scorers: [{ kind: "exact-match", params: {} }],
      concurrency: IN_FLIGHT,
    },
  });
  for (;;) {
    const { status, runs } = await call("GET /api/v1/experiments/:experimentId", { params: { experimentId } });
    const [run] = runs;
    if (status === "failed") throw new Error("the experiment failed");
    if (status === "done" && run) {
      if (run.errors > 0 || run.scores[0]?.value !== 1) throw new Error("not all answers are right");
      const seconds = (performance.now() - startedAt) / 1_000;
      return { seconds, cpuMs: (cpuMicroseconds(running.pid) - cpu) / 1_000, answers: run.answers };
    }
    await pause(100);
  }
}

/** Seconds of the whole command; its start is taken out by a run over few items. */
async function runPeer(upstream: Running, length: number): Promise<number> {
  const folder = join(processes.folder, `promptfoo-${length}`);
  await mkdir(folder, { recursive: true });
  const config = {
    prompts: ["{{question}}"],
    providers: [
      { id: "openai:chat:gpt-4o", config: { apiBaseUrl: `http://127.0.0.1:${upstream.port}/v1`, apiKey: "sk-bench" } },
    ],
    tests: Array.from({ length }, (_, at) => ({
      vars: { question: questionOf(at) },
      assert: [{ type: "equals", value: expected }],
    })),
  };
  const [file, output] = [join(folder, "config.json"), join(folder, "out.json")];
  await writeFile(file, JSON.stringify(config));
  const startedAt = performance.now();
  const flags = [
    "eval",
    "-c",
    file,
    "-o",
    output,
    "-j",
    String(IN_FLIGHT),
    "--no-cache",
    "--no-progress-bar",
    "--no-table",
  ];
  const env = {
    ...process.env,
    PROMPTFOO_CONFIG_DIR: folder,
    PROMPTFOO_DISABLE_TELEMETRY: "1",
    PROMPTFOO_DISABLE_UPDATE: "1",
  };
  const child = spawn(process.execPath, [PEER, ...flags], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.on("data", (chunk) => {
    text += chunk;
  });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  const seconds = (performance.now() - startedAt) / 1_000;
  const { successes } = JSON.parse(await readFile(output, "utf8").catch(() => "{}")).results?.stats ?? {};
  if (successes !== length)
    throw new Error(`promptfoo ended with ${code}, ${successes} of ${length} right: ${text.slice(-2_000)}`);
  return seconds;
}

async function runner(running: Running, upstream: Running) {
  const client = clientOf(running);
  await runTreadle(running, await makeDataset(client, "warm-up", WARM_UP));
  const datasetId = await makeDataset(client, "bench", ITEMS);
  const hasPeer = existsSync(PEER);
  if (!hasPeer) console.log("The peer is not installed. Run: npm ci --prefix bench --ignore-scripts");
  const start = hasPeer ? await runPeer(upstream, 10) : 0;
  const [own, peer, cpu]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    const { seconds, cpuMs, answers } = await runTreadle(running, datasetId);
    own.push(answers / seconds);
    cpu.push(cpuMs / answers);
    if (hasPeer) peer.push((ITEMS - 10) / ((await runPeer(upstream, ITEMS)) - start));
  }
  console.log(`\nrunner: ${ITEMS} items, ${IN_FLIGHT} in flight, an equality check, results stored`);
  console.log(`  treadle      ${median(own).toFixed(0)} items/s   (${own.map(Math.round).join(" ")})`);
  if (hasPeer) {
    console.log(
      `  promptfoo    ${median(peer).toFixed(0)} items/s   (${peer.map(Math.round).join(" ")}), its start of ${start.toFixed(1)} s left out`,
    );
    report("items/s against promptfoo", median(own.map((rate, round) => rate / (peer[round] ?? Number.NaN))), {
      atLeast: 10,
    });
  }
  report("CPU an item, ms, all threads and the database", median(cpu), { atMost: 1.5 });
}

async function upload({ call }: Client, name: string, isRight: (at: number) => boolean): Promise<string> {
  const { runId } = await call("POST /api/v1/runs", { body: { name, scorers: [{ kind: "exact-match", params: {} }] } });
  for (let from = 0; from < PAGE_ITEMS; from += 500) {
    const answers = Array.from({ length: 500 }, (_, index) => {
      const at = from + index;
      const item = {
        itemId: `q${at}`,
        inputs: { question: questionOf(at) },
        expected,
        metadata: { topic: `topic ${at % 20}` },
      };
      return { ...item, output: isRight(at) ? expected : "I do not know.", latencyMs: 100 + (at % 50), costUsd: 0.001 };
    });
    await call("POST /api/v1/runs/:runId/answers", { params: { runId }, body: { answers } });
  }
  await call("POST /api/v1/runs/:runId/finish", { params: { runId } });
  while ((await call("GET /api/v1/runs/:runId", { params: { runId } })).status !== "done") await pause(200);
  return runId;
}

async function pages(running: Running) {
  const client = clientOf(running);
  const base = await upload(client, "base", (at) => at % 10 > 0);
  const head = await upload(client, "head", (at) => at % 9 > 0);
  const time = async (query: object): Promise<number> => {
    const took: number[] = [];
    for (let round = 0; round < 7; round++) {
      const startedAt = performance.now();
      await client.call("GET /api/v1/runs/:runId/items", {
        params: { runId: head },
        query: { base, limit: 50, ...query },
      });
      took.push(performance.now() - startedAt);
    }
    return median(took);
  };
  console.log(`\npages: two runs of ${PAGE_ITEMS} items beside each other`);
  report("first rows, ms", await time({}), { atMost: 500 });
  report("by the worst regression, ms", await time({ sort: "regression" }), { atMost: 300 });
  report("only what got worse, ms", await time({ changed: "worse", sort: "regression" }), { atMost: 300 });
  report("a slice of the metadata, ms", await time({ slice: "topic=topic 3" }), { atMost: 300 });
  report("a text in inputs and outputs, ms", await time({ search: "order 77" }), { atMost: 300 });
  const begun = performance.now();
  await client.call("GET /api/v1/runs/compare", { query: { base, heads: head } });
  report("the comparison with its tests, ms", performance.now() - begun, { atMost: 2_000 });
}

try {
  const upstream = await processes.nginx(answer);
  const running = await startServer(processes, join(processes.folder, "data"));
  await addConnection(running, {
    slug: "up",
    preset: "openai-compatible",
    baseUrl: `http://127.0.0.1:${upstream.port}/v1`,
  });
  if (wanted.has("runner")) await runner(running, upstream);
  if (wanted.has("pages")) await pages(running);
} finally {
  await processes.close();
}
if (hasMissed) process.exitCode = 1;
