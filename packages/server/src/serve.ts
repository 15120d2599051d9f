import { existsSync, readFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ModelPull } from "@treadle/contract";
import { type App, createApp, systemScope } from "./app.ts";
import type { ServerBootstrap } from "./bootstrap.ts";
import type { Config } from "./config.ts";
import { systemClock as clock } from "./kernel/clock.ts";
import { createOpeningProgress } from "./opening-progress.ts";
import { lockDataFolder } from "./platform/data-folder/lock.ts";
import { type GrpcListener, startGrpcListening } from "./platform/grpc/listen.ts";
import { createClientAddresses } from "./platform/http/listen/client-address.ts";
import { startListening } from "./platform/http/listen/listen.ts";
import { createLog, openLogOutput } from "./platform/log/pino-log.ts";
import { collectYoungBuffers } from "./platform/threads/port.ts";
import type { Say } from "./say.ts";

const packageFile = new URL("../package.json", import.meta.url);
const builtWeb = new URL("../../web/dist/", import.meta.url);

/** Starts the whole product: takes the data folder, listens, opens the stores, and says how to get in. */
export async function serve(config: Config, say: Say) {
  const { version } = JSON.parse(readFileSync(packageFile, "utf8")) as { version: string };
  say(`Treadle ${version}`);
  const folder = await lockDataFolder(config.TREADLE_DATA);
  const listening: { close(): Promise<void> }[] = [];
  try {
    const bounds = {
      clients: createClientAddresses(config.TREADLE_TRUSTED_PROXIES),
      perAddress: config.TREADLE_CONNECTIONS_PER_ADDRESS,
    };
    const listener = await startListening({ host: config.TREADLE_HOST, port: config.TREADLE_PORT, ...bounds });
    listening.push(listener);
    const grpcListener = await listenForGrpc(config, bounds);
    if (grpcListener) listening.push(grpcListener);
    return await open({ config, folder, listener, grpcListener, version }, say);
  } catch (error) {
    for (const listener of listening) await listener.close();
    await folder.release();
    throw error;
  }
}

type Bounds = Pick<Parameters<typeof startListening>[0], "clients" | "perAddress">;

async function listenForGrpc(
  { TREADLE_HOST, TREADLE_OTLP_GRPC_PORT }: Config,
  bounds: Bounds,
): Promise<GrpcListener | null> {
  if (TREADLE_OTLP_GRPC_PORT === undefined) return null;
  return startGrpcListening({ host: TREADLE_HOST, port: TREADLE_OTLP_GRPC_PORT, ...bounds });
}

type Unopened = Pick<ServerBootstrap, "config" | "folder" | "listener" | "grpcListener" | "version">;

async function open(ground: Unopened, say: Say) {
  const { config, folder, listener, grpcListener } = ground;
  const isNew = !existsSync(folder.resolve("postgres"));
  say(isNew ? `Creating the databases in ${folder.path}` : `Opening the databases in ${folder.path}`);
  const opening = createOpeningProgress({ say, clock });
  listener.setStores(opening.states);
  const webFolder = existsSync(new URL("index.html", builtWeb)) ? fileURLToPath(builtWeb) : null;
  if (webFolder === null) say("The web app is not built, so only the API is served. Run `npm start` to build it.");
  const logOutput = openLogOutput();
  process.once("exit", logOutput.flush);
  const log = createLog(config.TREADLE_LOG_LEVEL, logOutput);
  const fatal = Promise.withResolvers<unknown>();
  const app = await createApp({ ...ground, log, logOutput, opening, onFatal: fatal.resolve, webFolder }).finally(
    opening.stop,
  );
  const first = await seed({ app, config, keyFile: folder.resolve("api-key") });
  const stopCollecting = collectYoungBuffers();
  listener.handOver(app.http.app);
  app.grpc?.start();
  const url = (config.TREADLE_PUBLIC_URL ?? listener.url).replace(/\/$/, "");
  announce({ config, first, url, grpcUrl: grpcListener?.url, say });
  const pulling = pullDefaultModel({ app, config, projectId: first.projectId, say }).catch((error: unknown) =>
    log.error({ error }, "the default model was not pulled"),
  );
  return {
    url,
    /** Resolves with an error after which the process must end immediately, such as when another server has taken the database. */
    fatal: fatal.promise,
    /** Answers what is running, writes everything down and lets the data folder go. */
    async close() {
      app.models.cancelPulls();
      stopCollecting();
      await pulling;
      await app.close();
      await folder.release();
      process.off("exit", logOutput.flush);
      logOutput.flush();
    },
  };
}

type Seed = { app: App; config: Config; keyFile: string };

/** Makes what a first start needs before anybody is let in. */
async function seed({ app, config, keyFile }: Seed) {
  const first = await app.projects.seedFirstProject({ bootstrapKey: config.TREADLE_BOOTSTRAP_KEY });
  if (first.apiKey !== null) await writeSecret(keyFile, first.apiKey);
  if (config.TREADLE_SAMPLE_DATA) await app.samples.seed();
  return { ...first, keyFile, signInToken: await app.projects.newSignInToken() };
}

type Announcement = {
  config: Config;
  first: Awaited<ReturnType<typeof seed>>;
  url: string;
  grpcUrl: string | undefined;
  say: Say;
};

/** Said in one piece, so that a program which waits for the first line has read all of it. */
function announce({ config, first, url, grpcUrl, say }: Announcement) {
  const { signInToken, apiKey, isFirstStart, keyFile } = first;
  const model = config.TREADLE_DEFAULT_MODEL === "none" ? "MODEL" : config.TREADLE_DEFAULT_MODEL;
  const lines = [
    `Treadle is ready at ${url}`,
    grpcUrl !== undefined && `OTLP over gRPC:      ${grpcUrl}`,
    signInToken !== null && `Sign in once with:   ${url}/sign-in#token=${signInToken}`,
    apiKey !== null && `Your API key: ${apiKey} (stored in ${keyFile})`,
    isFirstStart && firstCall(url, apiKey ?? "$TREADLE_BOOTSTRAP_KEY", model),
    !isFirstStart && existsSync(keyFile) && `Your API key is in: ${keyFile}`,
  ];
  say(lines.filter((line) => line !== false).join("\n"));
}

async function writeSecret(file: string, secret: string) {
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
}

const firstCall = (url: string, key: string, model: string) => `Try it:
  curl ${url}/v1/chat/completions -H "authorization: Bearer ${key}" -H "content-type: application/json" \\
    -d '{"model":"${model}","messages":[{"role":"user","content":"What is the capital of France?"}]}'`;

type Pull = { app: App; config: Config; projectId: string; say: Say };

/** Pulls the default model in the background. A failure is logged, can be retried, and stops nothing. */
async function pullDefaultModel({ app, config, projectId, say }: Pull) {
  const name = config.TREADLE_DEFAULT_MODEL;
  if (name === "none" || app.models.isLocal(name)) return;
  const scope = systemScope(projectId);
  let pull = await app.models.startPull(scope, name);
  let said = "";
  while (pull.state === "running") {
    const line = progressLine(name, pull);
    if (line !== said) say(line);
    said = line;
    await delay(500);
    pull = app.models.getPull(scope, pull.pullId);
  }
  if (pull.state === "done") say(`${name} is ready`);
  else if (pull.state === "failed")
    say(`${name} could not be pulled: ${pull.error}. Try again with: npx treadle pull ${name}`);
}

function progressLine(name: string, { step, receivedBytes, totalBytes }: ModelPull) {
  if (totalBytes === null || totalBytes === 0) return `${name}: ${step}`;
  return `${name}: ${step}, ${Math.floor((receivedBytes / totalBytes) * 10) * 10} % of ${Math.round(totalBytes / 1e6)} MB`;
}
