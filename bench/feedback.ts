// Measures how much feedback a server stores, each entry on disk before the response, compared with empty routes of
// Fastify in the same run. Goal: at least half of each. With fewer connections, all of them wait more often for one
// disk write. All processes are started several times, because the speed of a process varies by a tenth with the layout
// of its code and heap.
// Usage: node bench/feedback.ts [--starts 5] [--rounds 3] [--seconds 3] [--connections 64]
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildRequest, percentile, runLoad } from "./gateway/gateway-load.ts";
import { createProcesses, freePort } from "./gateway/gateway-processes.ts";
import { clientOf, startServer } from "./gateway/gateway-treadle.ts";

const GOAL_SHARE = 0.5;
const [FEEDBACK, OWN, PLAIN] = [
  "feedback",
  "an empty route, same HTTP layer",
  "an empty route, plain Fastify",
] as const;
const PEERS = [OWN, PLAIN];
const SAID = { name: "helpful", value: true, comment: "It answers what I asked.", metadata: { page: "/help" } };

const { values } = parseArgs({
  options: {
    starts: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "3" },
    connections: { type: "string", default: "64" },
  },
});
const [starts, rounds] = [Number(values.starts), Number(values.rounds)];
const milliseconds = Number(values.seconds) * 1_000;
const connections = Number(values.connections);

type Route = { readonly name: string; readonly port: number; readonly request: Buffer };

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Requests a second of each route, the routes in turn in every round, so that what slows the machine slows all; the first round warms them. */
async function measure(routes: readonly Route[]): Promise<Map<string, number[]>> {
  const rates = new Map<string, number[]>(routes.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++)
    for (const { name, port, request } of routes) {
      const { requests, failed, seconds, latenciesMs } = await runLoad({ port, request, connections, milliseconds });
      if (failed > 0) throw new Error(`${name}: ${failed} of ${requests} requests failed`);
      if (round < 0) continue;
      rates.get(name)?.push(requests / seconds);
      console.log(
        `round ${round + 1}  ${name.padEnd(34)} ${Math.round(requests / seconds)}/s  p99 ${percentile(latenciesMs, 0.99).toFixed(2)} ms`,
      );
    }
  return rates;
}

/** The minimum ratio of feedback to each peer, for newly started servers. */
async function measureStart(): Promise<ReadonlyMap<string, number>> {
  const processes = await createProcesses();
  try {
    const server = await startServer(processes, join(processes.folder, "data"));
    const key = server.headers.authorization?.replace(/^Bearer /, "") ?? "";
    const [traceId, spanId] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")];
    const { call } = clientOf(server);
    const span = { traceId, spanId, name: "chat", startTime: new Date().toISOString(), durationMs: 1 };
    await call("POST /api/v1/spans", { body: { spans: [span] } });
    const body = JSON.stringify({ target: { traceId, spanId }, ...SAID });
    const ownPort = await freePort();
    const { port: plainPort } = await processes.script("empty", "feedback-empty.ts", [String(ownPort), key]);
    const requestOf = (path: string) => buildRequest(path, server.headers, body);
    const rates = await measure([
      { name: FEEDBACK, port: server.port, request: requestOf("/api/v1/feedback") },
      { name: OWN, port: ownPort, request: requestOf("/empty") },
      { name: PLAIN, port: plainPort, request: requestOf("/empty") },
    ]);
    const shareOf = (peer: string) =>
      median((rates.get(FEEDBACK) ?? []).map((rate, round) => rate / (rates.get(peer)?.[round] ?? Number.NaN)));
    return new Map(PEERS.map((peer) => [peer, shareOf(peer)]));
  } finally {
    await processes.close();
  }
}

const shares: ReadonlyMap<string, number>[] = [];
for (let start = 1; start <= starts; start++) {
  const share = await measureStart();
  shares.push(share);
  console.log(`start ${start}  ${[...share].map(([peer, value]) => `${value.toFixed(2)} of ${peer}`).join(", ")}`);
}
for (const peer of PEERS) {
  const share = median(shares.map((each) => each.get(peer) ?? Number.NaN));
  if (!(share >= GOAL_SHARE)) process.exitCode = 1;
  console.log(`feedback to ${peer}: ${share.toFixed(2)} (goal ${GOAL_SHARE})`);
}
