// Measures the effect of heavy queries to the embedded columnar store on the rest of its process. A server with
// millions of spans answers one query after another, and its event loop is watched, with and without requests through
// the gateway. Goal: a p99 of at most 20 ms without.
// Usage: node bench/event-loop.ts [--rows 10000000] [--folder FOLDER] [--rounds 3] [--connections 4] [--pause 10]
// Needs Debian's nginx. The first run generates the spans, which takes minutes (span-table.ts). Each run uses a copy of
// them.
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Client } from "@treadle/sdk";
import { answer, chat } from "./gateway/gateway-chat.ts";
import { buildRequest, percentile, runLoad } from "./gateway/gateway-load.ts";
import { createProcesses, type Running } from "./gateway/gateway-processes.ts";
import { addConnection, clientOf, eventLoopMs, startServer } from "./gateway/gateway-treadle.ts";
import { copySpanFolder, DEFAULT_SEED, defaultSpanFolder, fillSpanFolder } from "./spans/span-folder.ts";
import { SPAN_DAYS, type SpanTable } from "./spans/span-traces.ts";

const GOAL_MS = 20;
const ALONE_MS = 10_000;
const SLICE_MS = 1_000;

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "10000000" },
    folder: { type: "string" },
    rounds: { type: "string", default: "3" },
    connections: { type: "string", default: "4" },
    pause: { type: "string", default: "10" },
  },
});
const rows = Number(values.rows);
const folder = values.folder ?? defaultSpanFolder(rows);
const rounds = Number(values.rounds);
const connections = Number(values.connections);
const pauseMs = Number(values.pause);

/** What people ask of everything there is; those with a word read the texts of the whole project. */
const questionsOf = (client: Client, { until }: SpanTable) => {
  const from = new Date(until - SPAN_DAYS * 86_400_000).toISOString();
  const to = new Date(until + 1).toISOString();
  const overview = (more: object) => client.call("GET /api/v1/overview", { query: { from, to, buckets: 60, ...more } });
  const spans = (more: object) =>
    client.call("GET /api/v1/spans", {
      query: { from, to, limit: 100, order: "startTime", direction: "desc", ...more },
    });
  return {
    "overview of 30 days": () => overview({}),
    "overview of spans with a frequent word": () => overview({ search: "refund" }),
    "spans with a rare word": () => spans({ search: "PK-12345" }),
    "traces with a rare word": () =>
      client.call("GET /api/v1/traces", { query: { from, to, limit: 100, search: "PK-12345" } }),
    "slowest spans": () => spans({ order: "durationMs" }),
    "most frequent users": () => client.call("GET /api/v1/span-values", { query: { from, to, field: "userId" } }),
  };
};
type Questions = ReturnType<typeof questionsOf>;

const times = new Map<string, number[]>();
const note = (name: string, value: number) => times.set(name, [...(times.get(name) ?? []), value]);

/** Each question once, one after the other. */
async function askAll(questions: Questions, beside: string): Promise<void> {
  for (const [name, ask] of Object.entries(questions)) {
    const askedAt = performance.now();
    await ask();
    note(`${name}${beside}`, performance.now() - askedAt);
  }
}

/** Some requests through the gateway until the work is done. */
async function withLoad(server: Running, name: string, work: Promise<unknown>): Promise<void> {
  const request = buildRequest(server.path, server.headers, chat(server.model));
  const latencies: number[] = [];
  let isDone = false;
  const finish = () => {
    isDone = true;
  };
  work.then(finish, finish);
  while (!isDone) {
    const load = { port: server.port, request, connections, pauseMs, milliseconds: SLICE_MS };
    const { latenciesMs, failed } = await runLoad(load);
    if (failed > 0) throw new Error(`${failed} of ${latenciesMs.length} requests failed`);
    latencies.push(...latenciesMs);
  }
  await work;
  note(`p99 of a request, ${name}`, percentile(Float64Array.from(latencies).sort(), 0.99));
}

const aWhile = () => new Promise((resolve) => setTimeout(resolve, ALONE_MS));
const median = (numbers: readonly number[]) => percentile(Float64Array.from(numbers).sort(), 0.5);
const print = (name: string, list: readonly number[], digits: number) =>
  `  ${name.padEnd(62)} ${median(list).toFixed(digits).padStart(8)}   (${list.map((value) => value.toFixed(digits)).join(" ")})`;

/** Everything in turn, so that what else the machine does in a round is seen where nothing is asked, too. */
async function runRounds(server: Running, table: SpanTable): Promise<Map<string, number[]>> {
  const questions = questionsOf(clientOf(server), table);
  const parts: Readonly<Record<string, () => Promise<unknown>>> = {
    nothing: aWhile,
    questions: () => askAll(questions, ""),
    "the gateway": () => withLoad(server, "the gateway alone", aWhile()),
    "questions and the gateway": () =>
      withLoad(server, "questions and the gateway", askAll(questions, ", beside the gateway")),
  };
  const delays = new Map<string, number[]>(Object.keys(parts).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of Object.entries(parts)) {
      await eventLoopMs(server);
      await work();
      delays.get(name)?.push((await eventLoopMs(server)).p99);
    }
  }
  return delays;
}

const table = await fillSpanFolder({ folder, rows, seed: DEFAULT_SEED, progress: console.log });
const copy = await copySpanFolder(folder);
const processes = await createProcesses();
const close = async () => {
  await processes.close();
  await copy.remove();
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void close().then(() => process.exit(130)));

try {
  console.log(`${rows} spans, ${availableParallelism()} cores, load before the start ${loadavg()[0]?.toFixed(1)}`);
  const upstream = await processes.nginx(answer);
  const server = await startServer(processes, copy.path);
  await addConnection(server, {
    slug: "up",
    preset: "openai-compatible",
    baseUrl: `http://127.0.0.1:${upstream.port}/v1`,
  });
  const delays = await runRounds(server, table);
  console.log("\nms, the median of rounds (and each)");
  for (const [name, list] of times) console.log(print(name, list, name.startsWith("p99") ? 1 : 0));
  console.log("\nevent-loop delay p99, ms (sampled every 10), the median of rounds (and each)");
  for (const [name, list] of delays) {
    const isMet = median(list) <= GOAL_MS;
    const verdict = name === "questions" ? `   goal ≤ ${GOAL_MS}  ${isMet ? "met" : "MISSED"}` : "";
    console.log(`${print(name, list, 1)}${verdict}`);
    if (verdict !== "" && !isMet) process.exitCode = 1;
  }
} finally {
  await close();
}
