// Compares the gateway with its peers in one run: nginx answers, and the programs in between are measured in turn.
// Usage: node bench/gateway.ts [throughput] [cache] [latency] [fallback] [stream] [first-byte] [limits] [--rounds 6] [--seconds
// 2] [--peer-node PATH]
// Needs Debian's nginx, and the peer: npm ci --prefix bench --ignore-scripts
// The peer runs on the same Node. With --peer-node, it also runs on another Node, such as the older one in its image.
import { execFileSync } from "node:child_process";
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { answer, chat } from "./gateway/gateway-chat.ts";
import { buildRequest, type LoadResult, percentile, runLoad, runStreams } from "./gateway/gateway-load.ts";
import { cpuMicroseconds, createProcesses, type Running } from "./gateway/gateway-processes.ts";
import { eventLoopMs, startTreadle } from "./gateway/gateway-treadle.ts";

const SECTIONS = ["throughput", "cache", "latency", "fallback", "stream", "first-byte", "limits"] as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "6" },
    seconds: { type: "string", default: "2" },
    "peer-node": { type: "string", default: "" },
  },
});
const rounds = Number(values.rounds);
const milliseconds = Number(values.seconds) * 1_000;
const wanted = new Set<string>(positionals.length > 0 ? positionals : SECTIONS);

const processes = await createProcesses();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void processes.close().then(() => process.exit(130)));
let hasMissed = false;

const median = (numbers: readonly number[]) => percentile(Float64Array.from(numbers).sort(), 0.5);
const shuffled = <Item>(items: readonly Item[]) =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

function report(what: string, value: number, goal: { atLeast?: number; atMost?: number } = {}) {
  const { atLeast, atMost } = goal;
  const isMet = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
  if (!isMet) hasMissed = true;
  const words = atLeast !== undefined ? `goal ≥ ${atLeast}` : atMost !== undefined ? `goal ≤ ${atMost}` : "";
  console.log(
    `${what.padEnd(64)} ${value.toFixed(3).padStart(10)}  ${words}${words && (isMet ? "  met" : "  MISSED")}`,
  );
}

type Case = { readonly name: string; readonly running: Running; readonly request: Buffer };
type Slice = LoadResult & { readonly cpuPerRequest: number };

const caseOf = (
  running: Running,
  { name = running.name, model = running.model, headers = {}, body = {} } = {},
): Case => ({
  name,
  running,
  request: buildRequest(running.path, { ...running.headers, ...headers }, chat(model, body)),
});

/** Every case once a round, in another order each time; the first round warms up and does not count. */
async function measure(cases: readonly Case[], connections: number): Promise<Map<string, Slice[]>> {
  const slices = new Map<string, Slice[]>(cases.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, running, request } of shuffled(cases)) {
      const before = cpuMicroseconds(running.pid);
      const result = await runLoad({
        port: running.port,
        request,
        connections,
        milliseconds: round < 0 ? 1_500 : milliseconds,
      });
      if (result.failed > 0) throw new Error(`${name}: ${result.failed} of ${result.requests} requests failed`);
      const cpuPerRequest = (cpuMicroseconds(running.pid) - before) / result.requests;
      if (round >= 0) slices.get(name)?.push({ ...result, cpuPerRequest });
    }
  }
  for (const [name, list] of slices) {
    const rate = median(list.map(({ requests, seconds }) => requests / seconds));
    const cpu = median(list.map(({ cpuPerRequest }) => cpuPerRequest));
    const [p50 = 0, p99 = 0] = [0.5, 0.99].map((share) =>
      median(list.map(({ latenciesMs }) => percentile(latenciesMs, share))),
    );
    console.log(
      `  ${name.padEnd(16)} ${rate.toFixed(0).padStart(7)} requests/s   ${cpu.toFixed(0).padStart(5)} µs CPU a request   p50 ${p50.toFixed(2)} ms   p99 ${p99.toFixed(2)} ms`,
    );
  }
  return slices;
}

/** The median over rounds of one case's number divided by another's of the same round. */
function ratio(
  slices: Map<string, Slice[]>,
  [top, bottom]: readonly [string, string],
  read: (slice: Slice) => number,
): number {
  const below = slices.get(bottom) ?? [];
  return median((slices.get(top) ?? []).map((slice, round) => read(slice) / read(below[round] ?? slice)));
}
const rateOf = ({ requests, seconds }: Slice) => requests / seconds;
const p50Of = ({ latenciesMs }: Slice) => percentile(latenciesMs, 0.5);

type Lineup = {
  readonly nginx: Running;
  readonly bare: Running;
  readonly portkey: Running;
  /** The peer on the other Node, when one was named. */
  readonly older: Running | null;
  readonly treadle: Running;
  readonly events: Running;
  readonly quick: Running;
};

async function throughput({ bare, portkey, older, treadle }: Lineup) {
  console.log("\nthroughput: 32 connections, request 4 KB, answer 1 KB");
  const slices = await measure([caseOf(bare), ...peers(portkey, older), caseOf(treadle)], 32);
  report("requests/s, Treadle against Portkey", ratio(slices, ["treadle", "portkey"], rateOf), { atLeast: 8 });
  if (older)
    report(`requests/s, Treadle against ${older.name}`, ratio(slices, ["treadle", older.name], rateOf), { atLeast: 8 });
  report("requests/s, Treadle against a bare dispatch proxy", ratio(slices, ["treadle", "bare"], rateOf), {
    atLeast: 0.5,
  });
  report("CPU, µs a request", median((slices.get("treadle") ?? []).map(({ cpuPerRequest }) => cpuPerRequest)), {
    atMost: 160,
  });
  report("event-loop delay p99, ms (sampled every 10 ms)", (await eventLoopMs(treadle)).p99, { atMost: 20 });
}

const peers = (portkey: Running, older: Running | null) => [caseOf(portkey), ...(older ? [caseOf(older)] : [])];

async function cache({ treadle }: Lineup) {
  console.log("\ncache: the same request, answered from the exact cache or not");
  const hit = caseOf(treadle, { name: "hit", headers: { "x-treadle-cache": "600" } });
  const slices = await measure([hit, caseOf(treadle, { name: "miss" })], 32);
  report("requests/s, a hit against a miss", ratio(slices, ["hit", "miss"], rateOf), { atLeast: 2 });
}

async function latency({ nginx, portkey, older, treadle }: Lineup) {
  console.log("\nlatency: one connection");
  const slices = await measure([caseOf(nginx), ...peers(portkey, older), caseOf(treadle)], 1);
  const direct = slices.get("nginx") ?? [];
  const added = (name: string) =>
    (slices.get(name) ?? []).map((slice, round) => p50Of(slice) - p50Of(direct[round] ?? slice));
  const ours = added("treadle");
  report("p50 added by Treadle, ms", median(ours));
  for (const { name } of peers(portkey, older)) {
    const theirs = added(name);
    report(`p50 added by ${name}, ms`, median(theirs));
    const ratios = ours.map((value, round) => value / (theirs[round] ?? value));
    report(`p50 added, Treadle against ${name}`, median(ratios), { atMost: 0.3 });
  }
}

async function fallback({ treadle }: Lineup) {
  console.log("\nfallback: A refuses the connection, B answers; one connection");
  const slices = await measure(
    [caseOf(treadle, { name: "direct" }), caseOf(treadle, { name: "falls-back", model: "falls-back" })],
    1,
  );
  const direct = slices.get("direct") ?? [];
  report(
    "p50 added by a fallback, ms",
    median((slices.get("falls-back") ?? []).map((slice, round) => p50Of(slice) - p50Of(direct[round] ?? slice))),
    { atMost: 1 },
  );
}

/** An endpoint with two variants and five limits, against a model without either. */
async function limits({ treadle }: Lineup) {
  console.log("\nlimits: two variants of an endpoint, three limits and two budgets");
  const headers = { "x-treadle-user": "user-1" };
  const divided = caseOf(treadle, { name: "divided", model: "divided", headers });
  const slices = await measure([caseOf(treadle, { name: "direct", headers }), divided], 32);
  const direct = slices.get("direct") ?? [];
  const added = (slices.get("divided") ?? []).map(
    (slice, round) => slice.cpuPerRequest - (direct[round] ?? slice).cpuPerRequest,
  );
  report("CPU added by assignment, limits and budgets, µs a request", median(added), { atMost: 15 });
}

async function stream({ events, portkey, treadle }: Lineup) {
  console.log("\nstream: 100 streams of 100 chunks, 10 ms apart");
  const cases = await streamCases(events, { portkey, treadle: { ...treadle, model: "events/gpt-4o" } });
  const cpu = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, running, request } of shuffled(cases)) {
      const before = cpuMicroseconds(running.pid);
      const { chunks, failed } = await runStreams({ port: running.port, request, streams: 100 });
      if (failed > 0) throw new Error(`${name}: ${failed} streams were not whole`);
      if (round >= 0) cpu.get(name)?.push((cpuMicroseconds(running.pid) - before) / chunks);
      await aSecond();
    }
  }
  for (const [name, list] of cpu)
    console.log(`  ${name.padEnd(12)} ${median(list).toFixed(1).padStart(6)} µs CPU a chunk`);
  const below = cpu.get("bare") ?? [];
  const ratios = (cpu.get("treadle") ?? []).map((value, round) => value / (below[round] ?? value));
  report("CPU a chunk, Treadle against a bare pipe", median(ratios), { atMost: 1.5 });
}

async function firstByte({ quick, portkey, treadle }: Lineup) {
  console.log("\nfirst byte: one stream after the other");
  const cases = await streamCases(quick, { portkey, treadle: { ...treadle, model: "quick/gpt-4o" } });
  const times = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds * 20; round++) {
    for (const { name, running, request } of shuffled(cases)) {
      const { firstByteMs, failed } = await runStreams({ port: running.port, request, streams: 1 });
      if (failed > 0) throw new Error(`${name}: a stream was not whole`);
      if (round >= 0) times.get(name)?.push(percentile(firstByteMs, 0.5));
    }
  }
  for (const [name, list] of times)
    console.log(`  ${name.padEnd(12)} ${median(list).toFixed(2).padStart(6)} ms to the first byte`);
  const [direct, ours] = ["direct", "treadle"].map((name) => median(times.get(name) ?? []));
  report("first byte over direct, ms", (ours ?? 0) - (direct ?? 0), { atMost: 2 });
}

/** The same stream from its source and through each proxy. */
async function streamCases(
  source: Running,
  { portkey, treadle }: Pick<Lineup, "portkey" | "treadle">,
): Promise<Case[]> {
  const body = { stream: true };
  const bare = await processes.script("bare", "./gateway-bare.ts", [String(source.port)]);
  const host = { "x-portkey-custom-host": `http://127.0.0.1:${source.port}/v1` };
  return [
    caseOf(source, { name: "direct", body }),
    caseOf(bare, { body }),
    caseOf(treadle, { body }),
    caseOf(portkey, { headers: host, body }),
  ];
}

async function onOtherNode(upstreamPort: number, node: string): Promise<Running> {
  const version = execFileSync(node, ["--version"]).toString().trim();
  return { ...(await processes.portkey(upstreamPort, node)), name: `portkey ${version}` };
}

/** What follows a load, such as writing its spans, is not part of the next one. */
const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1_200));

try {
  // Others' work on the same cores makes every number worse, and the one with the most threads most of all.
  console.log(`${availableParallelism()} cores, load before the start ${loadavg()[0]?.toFixed(1)}`);
  const nginx = await processes.nginx(answer);
  const events = await processes.script("events", "./gateway-events.ts");
  const quick = await processes.script("quick", "./gateway-events.ts", ["0"]);
  const lineup = {
    nginx,
    events,
    quick,
    bare: await processes.script("bare", "./gateway-bare.ts", [String(nginx.port)]),
    portkey: await processes.portkey(nginx.port),
    older: values["peer-node"] === "" ? null : await onOtherNode(nginx.port, values["peer-node"]),
    treadle: await startTreadle(processes, {
      upstreamPort: nginx.port,
      eventsPort: events.port,
      quickPort: quick.port,
    }),
  };
  const run = { throughput, cache, latency, fallback, stream, "first-byte": firstByte, limits };
  for (const section of SECTIONS) if (wanted.has(section)) await run[section](lineup);
} finally {
  await processes.close();
}
process.exitCode = hasMissed ? 1 : 0;
