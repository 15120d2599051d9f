import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@treadle/sdk";
import { buildServer, serverProgram } from "../../scripts/set-up.mjs";
import { freePort, type Processes, type Running, untilListening } from "./gateway-processes.ts";

const KEY = "tr_bench_0123456789abcdef0123456789abcdef";

type Upstreams = { readonly upstreamPort: number; readonly eventsPort: number; readonly quickPort: number };

/** The whole product on this data folder, with a key that may do everything in its first project. */
export async function startServer(
  processes: Processes,
  dataFolder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Running> {
  buildServer();
  const port = await freePort();
  const pid = await processes.start(process.execPath, [serverProgram], {
    TREADLE_PORT: String(port),
    TREADLE_DATA: dataFolder,
    TREADLE_BOOTSTRAP_KEY: KEY,
    TREADLE_OUTBOUND_ALLOW: "127.0.0.1",
    TREADLE_MODEL_FOLDERS: tmpdir(),
    TREADLE_DEFAULT_MODEL: "none",
    TREADLE_SAMPLE_DATA: "false",
    TREADLE_LOG_LEVEL: "warn",
    ...settings,
  });
  await untilListening(port);
  const headers = { authorization: `Bearer ${KEY}` };
  await untilReady({ port, headers });
  return { name: "treadle", port, pid, headers, model: "up/gpt-4o", path: "/v1/chat/completions" };
}

/** Asks a server that {@link startServer} started. */
export const clientOf = ({ port }: Running) => createClient({ baseUrl: `http://127.0.0.1:${port}`, apiKey: KEY });

/**
 * Milliseconds between two looks at the event loop that were to be 10 ms apart, as Node measures them, since the last time this was asked.
 */
export async function eventLoopMs({ port }: Running): Promise<{ p50: number; p99: number; max: number }> {
  const text = await fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text());
  const read = (name: string) =>
    Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)`, "m").exec(text)?.[1]) * 1_000;
  return { p50: read("p50"), p99: read("p99"), max: read("max") };
}

/**
 * A separate server with a connection to each upstream: `up`, `events`, `quick`, and `refuses`, which is always full.
 */
export async function startTreadle(
  processes: Processes,
  { upstreamPort, eventsPort, quickPort }: Upstreams,
): Promise<Running> {
  const running = await startServer(processes, join(processes.folder, "data"));
  const connections = [
    { slug: "up", preset: "openai-compatible", baseUrl: `http://127.0.0.1:${upstreamPort}/v1` },
    { slug: "events", preset: "vllm", baseUrl: `http://127.0.0.1:${eventsPort}/v1` },
    { slug: "quick", preset: "vllm", baseUrl: `http://127.0.0.1:${quickPort}/v1` },
    { slug: "refuses", preset: "openai-compatible", baseUrl: `http://127.0.0.1:${upstreamPort}/refuses/v1` },
  ];
  for (const connection of connections) await addConnection(running, connection);
  await post(running, "/api/v1/model-prices", {
    provider: "*",
    model: "gpt-4o*",
    inputUsdPerMillion: 2.5,
    outputUsdPerMillion: 10,
  });
  await post(running, "/api/v1/endpoints", {
    name: "falls-back",
    variants: [{ model: "refuses/gpt-4o" }],
    fallbacks: ["up/gpt-4o"],
  });
  await post(running, "/api/v1/endpoints", {
    name: "divided",
    variants: ["one", "two"].map((name) => ({ name, model: "up/gpt-4o", weight: 1 })),
  });
  for (const limit of DIVIDED_LIMITS)
    await post(running, "/api/v1/limits", { ...limit, scope: "endpoint", value: "divided" });
  return running;
}

const MUCH = 1e9;
/** Limits that are counted for each call of the endpoint "divided" and never refuse one. */
const DIVIDED_LIMITS = [
  { name: "requests", measure: "requests", window: "minute", amount: MUCH },
  { name: "tokens", measure: "tokens", window: "minute", amount: MUCH },
  { name: "concurrency", measure: "concurrency", amount: 1_000 },
  { name: "budget of a day", measure: "cost", window: "day", amount: 1e6 },
  { name: "budget of a month", measure: "cost", window: "month", amount: 1e6 },
];

/** Lets a server reach an upstream as `slug/model`. */
export const addConnection = (running: Running, connection: { slug: string; preset: string; baseUrl: string }) =>
  post(running, "/api/v1/connections", { ...connection, keys: [{ value: "sk-bench" }], maxRetries: 0 });

async function post(running: Running, path: string, body: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${running.port}${path}`, {
    method: "POST",
    headers: { ...running.headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
}

/** Requests are held while the stores open, so that the first answer says that they are. */
async function untilReady({ port, headers }: Pick<Running, "port" | "headers">): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const response = await fetch(`http://127.0.0.1:${port}/v1/models`, { headers });
    if (response.ok) return;
  }
  throw new Error("the server is not ready after ten tries");
}
