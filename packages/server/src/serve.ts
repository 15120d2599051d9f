import { existsSync, readFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { ModelPull } from "@treadle/contract";
import { type App, createApp, systemScope } from "./app.ts";
import type { Config } from "./config.ts";
import { lockDataFolder } from "./platform/data-folder/lock.ts";
import { startListening } from "./platform/http/listen.ts";
import { createLog } from "./platform/log/pino-log.ts";

/** What a person who starts the server reads, line by line. */
export type Say = (line: string) => void;

const packageFile = new URL("../package.json", import.meta.url);
const webFolder = new URL("../../web/dist/", import.meta.url);

/** Starts the whole product: takes the data folder, listens, opens the stores, and says how to get in. */
export async function serve(config: Config, say: Say) {
  const { version } = JSON.parse(readFileSync(packageFile, "utf8")) as { version: string };
  say(`Treadle ${version}`);
  const log = createLog(config.TREADLE_LOG_LEVEL);
  const folder = await lockDataFolder(config.TREADLE_DATA);
  const listener = await startListening({ host: config.TREADLE_HOST, port: config.TREADLE_PORT }).catch(
    async (error) => {
      await folder.release();
      throw error;
    },
  );
  const isNew = !existsSync(folder.resolve("postgres"));
  say(isNew ? `Making the databases in ${folder.path}` : `Opening the databases in ${folder.path}`);
  const web = existsSync(new URL("index.html", webFolder)) ? webFolder.pathname : null;
  if (web === null) say("The web app is not built, so only the API is served. `npm start` builds it.");
  const app = await createApp({ config, folder, listener, log, version, webFolder: web });
  const url = (config.TREADLE_PUBLIC_URL ?? listener.url).replace(/\/$/, "");
  const projectId = await welcome({ app, config, keyFile: folder.resolve("api-key"), url, say });
  const pulling = pullDefaultModel({ app, config, projectId, say }).catch((error: unknown) =>
    log.error({ error }, "the default model was not pulled"),
  );
  return {
    url,
    /** Answers what is running, writes everything down and lets the data folder go. */
    async close() {
      await app.close();
      await pulling;
      await folder.release();
    },
  };
}
export type Running = Awaited<ReturnType<typeof serve>>;

type Welcome = { app: App; config: Config; keyFile: string; url: string; say: Say };

/** Seeds what a first start needs and prints the ways in. Gives the first project. */
async function welcome({ app, config, keyFile, url, say }: Welcome): Promise<string> {
  const bootstrapKey = config.TREADLE_BOOTSTRAP_KEY;
  const first = await app.projects.seedFirstProject({ bootstrapKey });
  if (first.apiKey !== null) await writeSecret(keyFile, first.apiKey);
  if (first.isFirstStart && config.TREADLE_SAMPLE_DATA) {
    say("Making the demo project from sample data");
    await app.samples.seed();
  }
  say(`Treadle is ready at ${url}`);
  const token = await app.projects.newSignInToken();
  if (token !== null) say(`Sign in once with:   ${url}/sign-in#token=${token}`);
  if (first.apiKey !== null) say(`Your API key:        ${first.apiKey}   (kept in ${keyFile})`);
  if (first.isFirstStart)
    say(firstCall(url, first.apiKey ?? "$TREADLE_BOOTSTRAP_KEY", config.TREADLE_DEFAULT_MODEL || "MODEL"));
  return first.projectId;
}

async function writeSecret(file: string, secret: string) {
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
}

const firstCall = (url: string, key: string, model: string) => `Try it:
  curl ${url}/v1/chat/completions -H "authorization: Bearer ${key}" -H "content-type: application/json" \\
    -d '{"model":"${model}","messages":[{"role":"user","content":"What is the capital of France?"}]}'`;

type Pull = { app: App; config: Config; projectId: string; say: Say };

/** Pulls the default model beside everything else; a failure is said and can be tried again, and stops nothing. */
async function pullDefaultModel({ app, config, projectId, say }: Pull) {
  const name = config.TREADLE_DEFAULT_MODEL;
  if (name === "" || app.models.isReady(name)) return;
  const scope = systemScope(projectId);
  let pull = await app.models.startPull(scope, name);
  let said = "";
  while (pull.state === "running") {
    const line = progressLine(name, pull);
    if (line !== said) say(line);
    said = line;
    await delay(500, undefined, { ref: false });
    pull = app.models.getPull(scope, pull.id);
  }
  if (pull.state === "done") say(`${name} is ready to answer`);
  else say(`${name} could not be pulled: ${pull.error ?? pull.state}. Try again with: npx treadle pull ${name}`);
}

function progressLine(name: string, { step, receivedBytes, totalBytes }: ModelPull) {
  if (totalBytes === null || totalBytes === 0) return `${name}: ${step}`;
  return `${name}: ${step}, ${Math.floor((receivedBytes / totalBytes) * 10) * 10} % of ${Math.round(totalBytes / 1e6)} MB`;
}
