// OTLP in, from protobuf to rows that can be asked for.
// Usage: node bench/otlp.ts [ingest] [acknowledge] [grpc] [queryable] [gateway] [--spans 40000] [--rounds 5] [--seconds 8]
//        node bench/otlp.ts soak --minutes 30 --rate 2000
// `gateway` needs Debian's nginx.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { chat } from "./gateway/gateway-chat.ts";
import { buildRequest, percentile, runLoad } from "./gateway/gateway-load.ts";
import { createProcesses, freePort, type Running } from "./gateway/gateway-processes.ts";
import { clientOf, startServer, startTreadle } from "./gateway/gateway-treadle.ts";
import { openGrpc } from "./otlp/otlp-grpc.ts";
import { measureIngest } from "./otlp/otlp-ingest.ts";
import { sendSpans } from "./otlp/otlp-load.ts";
import { openSendersApart } from "./otlp/otlp-load-apart.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    spans: { type: "string", default: "40000" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "8" },
    minutes: { type: "string", default: "30" },
    rate: { type: "string", default: "2000" },
  },
});
const rounds = Number(values.rounds);
const milliseconds = Number(values.seconds) * 1_000;
const SECTIONS = ["ingest", "acknowledge", "grpc", "queryable", "gateway"];
const wanted = new Set(positionals.length > 0 ? positionals : SECTIONS);
/** Spans per request: the default maximum of OpenTelemetry's exporters. */
const BATCH = 512;
const GATEWAY_RATE = 5_000;

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

async function ingest() {
  const { rates, rowBytes, spanBytes } = await measureIngest({ spans: Number(values.spans), rounds });
  console.log(`\ningest: spans of ${Math.round(spanBytes)} bytes in protobuf, rows of ${rowBytes} in JSON`);
  const against = (name: string, list: readonly number[]) =>
    median(list.map((rate, round) => rate / (rates.get(name)?.[round] ?? Number.NaN)));
  for (const [name, list] of rates) {
    console.log(`  ${name.padEnd(12)} ${median(list).toFixed(0)} spans/s   (${list.map(Math.round).join(" ")})`);
    if (name === "engine" || name === "adapter") continue;
    const atLeast = name === "worker" ? 0.7 : 0.5;
    report(`spans/s, ${name}, against the engine's own insert of the rows`, against("engine", list), { atLeast });
    console.log(`  ${name}, against inserting the rows by our way into it: ${against("adapter", list).toFixed(2)}`);
  }
}

async function acknowledge(running: Running) {
  const full = await sendSpans({ running, batch: BATCH, connections: 4, milliseconds });
  const rate = full.spans / full.seconds;
  console.log(
    `\nacknowledge: ${rate.toFixed(0)} spans/s over HTTP as fast as it goes, ${full.failed} requests refused`,
  );
  await untilDelivered(running);
  // About 400 requests. With 100, the 99th percentile would be the slowest request.
  const load = { running, batch: BATCH, connections: 4, milliseconds: milliseconds * 4, rate: rate / 4 };
  const quarter = await sendSpans(load);
  if (quarter.failed > 0) throw new Error(`${quarter.failed} requests failed at a quarter of the load`);
  console.log(`  p50 ${percentile(quarter.ackMs, 0.5).toFixed(1)} ms`);
  report("acknowledgement p99 at a quarter of it, ms", percentile(quarter.ackMs, 0.99), { atMost: 50 });
  await untilDelivered(running);
}

/** The same spans over gRPC and over HTTP, in turn on one server. */
async function grpc() {
  const port = await freePort();
  const settings = { TREADLE_OTLP_GRPC_PORT: String(port) };
  const running = await startServer(processes, join(processes.folder, "grpc"), settings);
  const load = { running, batch: BATCH, connections: 4, milliseconds };
  const overGrpc = { ...load, open: (server: Running, batch: number) => openGrpc(server, { port, batch }) };
  const ratios: number[] = [];
  console.log("\ngrpc: spans/s over gRPC and over HTTP, protobuf, as fast as it goes");
  for (let round = 0; round < rounds; round++) {
    const rates: number[] = [];
    for (const way of round % 2 === 0 ? [overGrpc, load] : [load, overGrpc]) {
      const { spans, seconds, failed } = await sendSpans(way);
      rates.push(spans / seconds);
      if (failed > 0) console.log(`  ${failed} requests refused`);
      await untilDelivered(running);
    }
    const [byGrpc = Number.NaN, byHttp = Number.NaN] = round % 2 === 0 ? rates : rates.reverse();
    console.log(`  ${byGrpc.toFixed(0)} over gRPC, ${byHttp.toFixed(0)} over HTTP`);
    ratios.push(byGrpc / byHttp);
  }
  report("spans/s over gRPC, against HTTP", median(ratios), { atLeast: 0.8 });
}

/** From the answer to the first time that the span is in its trace. */
async function queryable(running: Running) {
  const { call } = clientOf(running);
  const waits: number[] = [];
  for (let round = 0; round < rounds * 2; round++) {
    const before = await newestSpan(call);
    await sendSpans({ running, batch: 1, connections: 1, milliseconds: 1 });
    const sentAt = performance.now();
    while ((await newestSpan(call)) === before) await pause(10);
    waits.push(performance.now() - sentAt);
  }
  console.log(`\nqueryable: p50 ${median(waits).toFixed(0)} ms`);
  report("longest time from the answer until the span can be found, ms", Math.max(...waits), { atMost: 2_000 });
}

async function newestSpan(call: ReturnType<typeof clientOf>["call"]): Promise<string> {
  const from = new Date(Date.now() - 600_000).toISOString();
  return (await call("GET /api/v1/spans", { query: { from, limit: 1 } })).items[0]?.spanId ?? "";
}

async function gateway() {
  const nginx = await processes.nginx(JSON.stringify({ id: "x", object: "chat.completion", choices: [], usage: {} }));
  const ports = { upstreamPort: nginx.port, eventsPort: nginx.port, quickPort: nginx.port };
  const running = await startTreadle(processes, ports);
  const request = buildRequest(running.path, { ...running.headers }, chat(running.model));
  const load = () => runLoad({ port: running.port, request, connections: 4, milliseconds, pauseMs: 10 });
  await load();
  const ratios: number[] = [];
  console.log(`\ngateway: calls of 4 callers, alone and while ${GATEWAY_RATE} spans/s come in`);
  for (let round = 0; round < rounds; round++) {
    const alone = await load();
    const senders = await openSendersApart({ running, batch: BATCH, connections: 4 });
    // What making the requests left behind, to be compiled and collected, is the senders' and no load of the server's.
    await pause(1_000);
    const sending = senders.send({ milliseconds, rate: GATEWAY_RATE });
    const beside = await load();
    const sent = await sending;
    await senders.close();
    const [p99Alone = 0, p99Beside = 0] = [alone, beside].map(({ latenciesMs }) => percentile(latenciesMs, 0.99));
    console.log(
      `  p99 ${p99Alone.toFixed(2)} ms alone, ${p99Beside.toFixed(2)} ms beside ${(sent.spans / sent.seconds).toFixed(0)} spans/s`,
    );
    ratios.push(p99Beside / p99Alone);
    await untilDelivered(running);
  }
  report("the gateway's p99 beside spans, against alone", median(ratios), { atMost: 1.3 });
}

const System = z.object({ spool: z.object({ pendingRows: z.number() }) });

async function pendingRows({ port, headers }: Running): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/system`, { headers });
  return System.parse(await response.json()).spool.pendingRows;
}
async function untilDelivered(running: Running) {
  while ((await pendingRows(running)) > 0) await pause(100);
}

/** Prints the server's memory each minute; fails when the last quarter of the run took a fifth more than the second. */
async function soak() {
  const running = await startServer(processes, join(processes.folder, "soak"));
  const minutes = Number(values.minutes);
  const used: number[] = [];
  console.log(`soak: ${minutes} minutes of ${values.rate} spans/s`);
  for (let minute = 1; minute <= minutes; minute++) {
    const load = { running, batch: BATCH, connections: 4, milliseconds: 60_000, rate: Number(values.rate) };
    const { spans, failed, ackMs } = await sendSpans(load);
    const mib = residentMib(running.pid);
    used.push(mib);
    console.log(
      `  minute ${minute}: ${mib.toFixed(0)} MiB, ${(spans / 60).toFixed(0)} spans/s, ${failed} refused, ack p99 ${percentile(ackMs, 0.99).toFixed(1)} ms, ${await pendingRows(running)} rows waiting`,
    );
  }
  const quarter = Math.max(1, Math.floor(minutes / 4));
  const growth = median(used.slice(-quarter)) / median(used.slice(quarter, quarter * 2));
  report("memory in the last quarter, against the second", growth, { atMost: 1.2 });
}

const residentMib = (pid: number) =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;

try {
  if (wanted.has("soak")) await soak();
  if (wanted.has("ingest")) await ingest();
  if (wanted.has("acknowledge") || wanted.has("queryable")) {
    const running = await startServer(processes, join(processes.folder, "otlp"));
    if (wanted.has("acknowledge")) await acknowledge(running);
    if (wanted.has("queryable")) await queryable(running);
  }
  if (wanted.has("grpc")) await grpc();
  if (wanted.has("gateway")) await gateway();
} finally {
  await processes.close();
}
process.exitCode = hasMissed ? 1 : 0;
