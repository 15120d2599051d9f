// How much feedback a server keeps, each piece on disk before it is answered, beside empty routes of Fastify in the same run.
// Goal: at least half of either. The fewer connections there are, the more often all of them wait for one write to the disk.
// Usage: node bench/feedback.ts [--rounds 5] [--seconds 3] [--connections 64]
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildRequest, percentile, runLoad } from "./gateway-load.ts";
import { createProcesses, freePort } from "./gateway-processes.ts";
import { clientOf, startServer } from "./gateway-treadle.ts";

const GOAL_SHARE = 0.5;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    connections: { type: "string", default: "64" },
  },
});
const rounds = Number(values.rounds);
const milliseconds = Number(values.seconds) * 1_000;
const connections = Number(values.connections);

type Route = { readonly name: string; readonly port: number; readonly request: Buffer };

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Requests a second of each route, the routes in turn in every round, so that what slows the machine slows all. */
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

const processes = await createProcesses();
try {
  const server = await startServer(processes, join(processes.folder, "data"));
  const key = server.headers.authorization?.replace(/^Bearer /, "") ?? "";
  const [traceId, spanId] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")];
  const { call } = clientOf(server);
  const span = { traceId, spanId, name: "chat", startTime: new Date().toISOString(), durationMs: 1 };
  await call("POST /api/v1/spans", { body: { spans: [span] } });
  const target = { traceId, spanId };
  const body = JSON.stringify({
    target,
    name: "helpful",
    value: true,
    comment: "It answers what I asked.",
    metadata: { page: "/help" },
  });
  const ownPort = await freePort();
  const { port: plainPort } = await processes.script("empty", "feedback-empty.ts", [String(ownPort), key]);
  const requestOf = (path: string) => buildRequest(path, server.headers, body);
  const routes = [
    { name: "feedback", port: server.port, request: requestOf("/api/v1/feedback") },
    { name: "an empty route, same HTTP layer", port: ownPort, request: requestOf("/empty") },
    { name: "an empty route, plain Fastify", port: plainPort, request: requestOf("/empty") },
  ];
  const [feedback = { name: "" }, own = { name: "" }, plain = { name: "" }] = routes;
  const rates = await measure(routes);
  const shareOf = (peer: string) =>
    median((rates.get(feedback.name) ?? []).map((rate, round) => rate / (rates.get(peer)?.[round] ?? Number.NaN)));
  const shares = [own.name, plain.name].map((peer) => ({ peer, share: shareOf(peer) }));
  for (const { peer, share } of shares) console.log(`feedback to ${peer}: ${share.toFixed(2)} (goal ${GOAL_SHARE})`);
  process.exitCode = shares.every(({ share }) => share >= GOAL_SHARE) ? 0 : 1;
} finally {
  await processes.close();
}
