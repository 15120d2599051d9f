import { createServer } from "node:net";
import type { Answer, Client } from "@treadle/sdk";
import { type Check, type Finding, failed, ok, warning } from "./check.ts";

type Readiness = Answer<"GET /readyz">;

const LIMIT_MS = 3_000;

/** The port can be listened on, or Treadle itself does. */
export const port: Check = {
  name: "Port",
  run: async ({ host, port: number, client }) => {
    if (await isServing(client)) return ok(`Treadle answers on ${host}:${number}`);
    const problem = await tryToListen(host, number);
    if (!problem) return ok(`${host}:${number} is free`);
    if (problem.code === "EADDRINUSE")
      return failed(
        `another program uses port ${number}`,
        `stop that program, or start Treadle on another port: TREADLE_PORT=${number + 1} npm start`,
      );
    if (problem.code === "EACCES") return failed(`this user cannot listen on port ${number}`, "use a port above 1023");
    if (problem.code === "EADDRNOTAVAIL")
      return failed(
        `${host} is not an address of this machine`,
        "set TREADLE_HOST to 127.0.0.1, 0.0.0.0 or an address of this machine",
      );
    return failed(`${host}:${number} is not available: ${problem.message}`, "set TREADLE_HOST and TREADLE_PORT");
  },
};

/** Everything a running server says about itself. Without one there is nothing to find fault with. */
export const runningServer: Check = {
  name: "Server",
  run: async ({ client, url }) => {
    if (!(await isServing(client))) return ok(`no server is running at ${url}; \`npm start\` starts one`);
    const { isReady, stores } = await askReadiness(url);
    if (!isReady) return notReady(stores);
    return [ok("every store is open"), ...(await system(client)), ...(await models(client))];
  },
};

const isServing = (client: Client) =>
  client.call("GET /healthz", { signal: AbortSignal.timeout(LIMIT_MS) }).then(
    // Another program may answer every path, with any JSON.
    (health: unknown) => typeof health === "object" && health !== null && "status" in health && health.status === "ok",
    () => false,
  );

function tryToListen(host: string, number: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port: number, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Not through the SDK, which gives no answer for a 503: here that is the answer. */
async function askReadiness(url: string): Promise<Readiness> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(LIMIT_MS) });
  // The server answers by the contract this type comes from.
  return (await response.json()) as Readiness;
}

const notReady = (stores: Readiness["stores"]): Finding[] =>
  stores.length > 0
    ? stores.filter(({ state }) => state !== "ok").map(storeFinding)
    : [warning("it is still starting", "run this again in a few seconds; the server's log shows why it waits")];

const storeFinding = ({ name, state, message }: { name: string; state: string; message: string }): Finding => {
  if (state === "ok") return ok(`${name}: ok`);
  const text = `${name} is ${state}: ${message}`;
  if (state === "full" || state === "damaged") return failed(text, "do what the message says");
  return state === "down"
    ? failed(text, "see the server's log, then restart it")
    : warning(text, "see the server's log");
};

async function system(client: Client): Promise<Finding[]> {
  try {
    const report = await client.call("GET /api/v1/system");
    const { undeliverableRows, droppedRows } = report.spool;
    const findings = [
      ok(`version ${report.version}, up since ${report.startedAt}`),
      ...report.stores.filter(({ state }) => state !== "ok").map(storeFinding),
    ];
    if (undeliverableRows > 0)
      findings.push(
        warning(
          `${undeliverableRows} spans were rejected by the columnar store`,
          "review and replay them in Settings, System",
        ),
      );
    if (droppedRows > 0)
      findings.push(
        warning(
          `${droppedRows} spans were dropped because the spool was full`,
          "repair the columnar store, or raise TREADLE_SPOOL_CAP_MB",
        ),
      );
    return findings;
  } catch (error) {
    return [cannotAsk("its stores", error)];
  }
}

async function models(client: Client): Promise<Finding[]> {
  try {
    const { items } = await client.call("GET /api/v1/models");
    const broken = items
      .filter(({ state }) => state === "failed")
      .map(({ modelId, error }) => failed(`model ${modelId}: ${error ?? "failed"}`, `treadle pull ${modelId}`));
    const chat = items.filter(({ kind, state }) => kind === "chat" && ["ready", "loading", "loaded"].includes(state));
    if (chat.length > 0) return [ok(`local models: ${chat.map(({ modelId }) => modelId).join(", ")}`), ...broken];
    const first = items.find(({ isDefault }) => isDefault)?.modelId ?? "smollm2-135m-instruct";
    return [warning("no local model is ready", `treadle pull ${first}`), ...broken];
  } catch (error) {
    return [cannotAsk("its models", error)];
  }
}

const cannotAsk = (what: string, error: unknown) =>
  warning(`the server did not return ${what}: ${sentence(error)}`, "send a key with --key or TREADLE_API_KEY");
const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error));
