import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverProgram } from "../../scripts/set-up.mjs";

const START_MS = 90_000;

export type RunningTreadle = {
  readonly url: string;
  /** The address of OTLP over gRPC. Empty unless TREADLE_OTLP_GRPC_PORT is set. */
  readonly grpcUrl: string;
  /** A key with all permissions on the first project. */
  readonly apiKey: string;
  /** The one-time link of the first owner, which the server prints a moment after it is ready. */
  signInLink(): Promise<string>;
  readonly dataFolder: string;
  readonly pid: number;
  /** Everything printed so far. */
  output(): string;
  /** Kills the server and waits for nothing. Its data folder stays. */
  kill(): void;
  /** Stops the server. Removes the data folder unless the caller passed it. */
  stop(signal?: NodeJS.Signals): Promise<void>;
};

type Options = {
  readonly env?: Readonly<Record<string, string>>;
  readonly dataFolder?: string;
  /** The program of a copy of the sources. By default, the program of this repository. */
  readonly main?: string;
  /** The file that standard output and standard error are appended to, as under a service manager. */
  readonly logFile?: string;
};

/** Starts the real server in a separate process, on a free port and, by default, with a new data folder. */
export async function startTreadle(options: Options = {}): Promise<RunningTreadle> {
  const { env = {}, dataFolder, main = serverProgram, logFile } = options;
  const folder = dataFolder ?? (await makeDataFolder(env));
  const apiKey = env.TREADLE_BOOTSTRAP_KEY ?? `tr_${randomBytes(24).toString("hex")}`;
  const log = logFile === undefined ? null : openSync(logFile, "a");
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TREADLE_PORT: "0",
      TREADLE_DATA: folder,
      TREADLE_BOOTSTRAP_KEY: apiKey,
      TREADLE_DEFAULT_MODEL: "none",
      TREADLE_OUTBOUND_ALLOW: "127.0.0.1",
      // The folder in which tests write the models that they import by path.
      TREADLE_MODEL_FOLDERS: tmpdir(),
      ...env,
    },
    stdio: ["ignore", log ?? "pipe", log ?? "pipe"],
  });
  if (log !== null) closeSync(log);
  const lines = logFile === undefined ? collect(child) : { text: () => readFileSync(logFile, "utf8") };
  const url = await ready(child, lines);
  return {
    url,
    grpcUrl: /OTLP over gRPC:\s+(http\S+)/.exec(lines.text())?.[1] ?? "",
    apiKey,
    signInLink: () => printedLink(lines),
    dataFolder: folder,
    pid: child.pid ?? 0,
    output: lines.text,
    kill: () => void child.kill("SIGKILL"),
    async stop(signal = "SIGTERM") {
      await ended(child, signal);
      if (dataFolder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A new data folder with a migrated database, because migrations take half of the time of a first start. */
async function makeDataFolder(env: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "treadle test (2) 100%41 é-"));
  const cluster = process.env.TREADLE_TEST_CLUSTER;
  if (cluster && !env.TREADLE_POSTGRES_URL) await cp(cluster, join(folder, "postgres"), { recursive: true });
  return folder;
}

function collect(child: ChildProcess) {
  let text = "";
  const keep = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return { text: () => text };
}

async function ready(child: ChildProcess, lines: { text(): string }): Promise<string> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    const url = /ready at (http\S+)/.exec(lines.text())?.[1];
    if (url) return url;
    if (child.exitCode !== null)
      throw new Error(`the server ended with ${child.exitCode} while starting:\n${lines.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill("SIGKILL");
  throw new Error(`the server was not ready after ${START_MS} ms:\n${lines.text()}`);
}

async function printedLink(lines: { text(): string }): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const link = /http\S+\/sign-in#token=\S+/.exec(lines.text())?.[0];
    if (link) return link;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the server printed no sign-in link:\n${lines.text()}`);
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await end;
}
