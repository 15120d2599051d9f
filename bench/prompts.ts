// Measures the cost of reading a stored prompt through the API, compared with empty routes of Fastify in the same run,
// and through the SDK's cache. Goals: at least half of an empty route, and less than 5 µs from the cache. The route is
// measured twice: plain, and behind the same HTTP layer.
// Usage: node bench/prompts.ts [--rounds 5] [--seconds 2] [--connections 16]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createPrompts } from "@treadle/sdk/prompts";
import { percentile, runLoad } from "./gateway/gateway-load.ts";
import { createProcesses, freePort } from "./gateway/gateway-processes.ts";
import { clientOf, startServer } from "./gateway/gateway-treadle.ts";

const GOAL_SHARE = 0.5;
const GOAL_MICROS = 5;
const READS = 200_000;
const NAME = "support/answer";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    connections: { type: "string", default: "16" },
  },
});
const rounds = Number(values.rounds);
const milliseconds = Number(values.seconds) * 1_000;
const connections = Number(values.connections);

type Route = { readonly name: string; readonly port: number; readonly request: Buffer };

const routeOf = (name: string, { port, path, key }: { port: number; path: string; key: string }): Route => ({
  name,
  port,
  request: Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${key}\r\n\r\n`),
});

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
        `round ${round + 1}  ${name.padEnd(32)} ${Math.round(requests / seconds)}/s  p99 ${percentile(latenciesMs, 0.99).toFixed(2)} ms`,
      );
    }
  return rates;
}

/** Microseconds of one read from the SDK's cache, the median of a few runs. */
async function cachedRead(prompts: ReturnType<typeof createPrompts>): Promise<number> {
  await prompts.get(NAME);
  const runs: number[] = [];
  for (let run = 0; run < 5; run++) {
    const startedAt = performance.now();
    for (let read = 0; read < READS; read++) await prompts.get(NAME);
    runs.push(((performance.now() - startedAt) / READS) * 1_000);
  }
  return median(runs);
}

const processes = await createProcesses();
try {
  const server = await startServer(processes, join(processes.folder, "data"));
  const key = server.headers.authorization?.replace(/^Bearer /, "") ?? "";
  await clientOf(server).call("POST /api/v1/prompts", {
    body: {
      type: "chat",
      name: NAME,
      labels: ["production"],
      inputs: { type: "object", properties: { question: { type: "string" } }, required: ["question"] },
      messages: [
        { role: "system", content: "You answer questions of customers, briefly and kindly. ".repeat(20) },
        { role: "user", content: "{{question}}" },
      ],
    },
  });
  const ownPort = await freePort();
  const { port: plainPort } = await processes.script("empty", "prompts-empty.ts", [String(ownPort), key]);
  const prompt = routeOf("a stored prompt", {
    port: server.port,
    path: `/api/v1/prompts/${encodeURIComponent(NAME)}`,
    key,
  });
  const path = `/empty/${encodeURIComponent(NAME)}`;
  const own = routeOf("an empty route, same HTTP layer", { port: ownPort, path, key });
  const plain = routeOf("an empty route, plain Fastify", { port: plainPort, path, key });
  const rates = await measure([prompt, own, plain]);
  const shareOf = ({ name }: Route) =>
    median((rates.get(prompt.name) ?? []).map((rate, round) => rate / (rates.get(name)?.[round] ?? Number.NaN)));
  const share = shareOf(own);
  const micros = await cachedRead(createPrompts({ baseUrl: `http://127.0.0.1:${server.port}`, apiKey: key }));
  console.log(
    `\na stored prompt to an empty route behind the same HTTP layer: ${share.toFixed(2)} (goal ${GOAL_SHARE})`,
  );
  console.log(`a stored prompt to an empty route of plain Fastify: ${shareOf(plain).toFixed(2)}`);
  console.log(`a read from the SDK's cache: ${micros.toFixed(2)} µs (goal < ${GOAL_MICROS})`);
  process.exitCode = share >= GOAL_SHARE && micros < GOAL_MICROS ? 0 : 1;
} finally {
  await processes.close();
}
