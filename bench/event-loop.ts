// What heavy questions to the embedded columnar store do to the rest of its process: a server on millions of spans answers one after the
// other, and its event loop is watched meanwhile, without and with requests through the gateway. Goal: a p99 of at most 20 ms without.
// Usage: node bench/event-loop.ts [--rows 10000000] [--folder FOLDER] [--rounds 2] [--connections 4] [--pause 10]
// Needs Debian's nginx. The first run makes the spans, which takes minutes (span-table.ts); each runs on a copy of them.
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Client } from "@treadle/sdk";
import { answer, chat } from "./gateway-chat.ts";
import { buildRequest, percentile, runLoad } from "./gateway-load.ts";
import { createProcesses, type Running } from "./gateway-processes.ts";
import { addConnection, clientOf, eventLoopMs, startServer } from "./gateway-treadle.ts";
import { copySpanFolder, DEFAULT_SEED, defaultSpanFolder, fillSpanFolder } from "./span-folder.ts";
import { SPAN_DAYS, type SpanTable } from "./span-traces.ts";

const GOAL_MS = 20;
const ALONE_MS = 10_000;
const SLICE_MS = 1_000;

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "10000000" },
    folder: { type: "string" },
    rounds: { type: "string", default: "2" },
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

/** Each question so many times, one at a time; prints how long they took. */
async function askAll(questions: Questions): Promise<void> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, ask] of Object.entries(questions)) {
      const askedAt = performance.now();
      await ask();
      times.set(name, [...(times.get(name) ?? []), performance.now() - askedAt]);
    }
  }
  for (const [name, list] of times)
    console.log(`  ${name.padEnd(40)} ${list.map((time) => `${time.toFixed(0)} ms`).join(", ")}`);
}

/** Some requests through the gateway until the work is done; prints what their callers saw. */
async function withLoad(server: Running, work: Promise<unknown>): Promise<void> {
  const request = buildRequest(server.path, server.headers, chat(server.model));
  const latencies: number[] = [];
  let isDone = false;
  const finish = () => {
    isDone = true;
  };
  work.then(finish, finish);
  const startedAt = performance.now();
  while (!isDone) {
    const { latenciesMs, failed } = await runLoad({
      port: server.port,
      request,
      connections,
      milliseconds: SLICE_MS,
      pauseMs,
    });
    if (failed > 0) throw new Error(`${failed} of ${latenciesMs.length} requests failed`);
    latencies.push(...latenciesMs);
  }
  await work;
  const sorted = Float64Array.from(latencies).sort();
  const rate = (sorted.length * 1_000) / (performance.now() - startedAt);
  console.log(
    `  gateway, ${connections} connections: ${rate.toFixed(0)} requests/s   p50 ${percentile(sorted, 0.5).toFixed(1)} ms   p99 ${percentile(sorted, 0.99).toFixed(1)} ms`,
  );
}

const aWhile = () => new Promise((resolve) => setTimeout(resolve, ALONE_MS));

type Watched = { readonly what: string; work(): Promise<unknown>; readonly goalMs?: number };

/** Does the work, and prints what became of the event loop meanwhile. */
async function watch(server: Running, { what, work, goalMs }: Watched): Promise<void> {
  console.log(`\n${what}`);
  await eventLoopMs(server);
  await work();
  const { p50, p99, max } = await eventLoopMs(server);
  const isMet = goalMs === undefined || p99 <= goalMs;
  const verdict = goalMs === undefined ? "" : `   goal p99 ≤ ${goalMs}  ${isMet ? "met" : "MISSED"}`;
  console.log(
    `  event-loop delay, ms (sampled every 10): p50 ${p50.toFixed(1)}   p99 ${p99.toFixed(1)}   max ${max.toFixed(1)}${verdict}`,
  );
  if (!isMet) process.exitCode = 1;
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
  console.log(
    `${rows} spans, ${availableParallelism()} cores, load before the start ${loadavg()[0]?.toFixed(1)}; times are those of each round`,
  );
  const upstream = await processes.nginx(answer);
  const server = await startServer(processes, copy.path);
  await addConnection(server, {
    slug: "up",
    preset: "openai-compatible",
    baseUrl: `http://127.0.0.1:${upstream.port}/v1`,
  });
  const questions = questionsOf(clientOf(server), table);
  await watch(server, { what: "nothing", work: aWhile });
  await watch(server, { what: "questions alone", work: () => askAll(questions), goalMs: GOAL_MS });
  await watch(server, { what: "the gateway alone", work: () => withLoad(server, aWhile()) });
  await watch(server, { what: "questions and the gateway", work: () => withLoad(server, askAll(questions)) });
} finally {
  await close();
}
