import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "../../packages/server/src/main.ts");
const START_MS = 90_000;

export type RunningTreadle = {
  readonly url: string;
  /** Where it takes OTLP over gRPC; empty unless TREADLE_OTLP_GRPC_PORT was set. */
  readonly grpcUrl: string;
  /** A key with full rights on the first project. */
  readonly apiKey: string;
  /** A one-time link of the first owner. */
  readonly signInLink: string;
  readonly dataFolder: string;
  readonly pid: number;
  /** Everything printed so far. */
  output(): string;
  /** Ends the server; the data folder is removed unless it was given by the caller. */
  stop(signal?: NodeJS.Signals): Promise<void>;
};

type Options = {
  readonly env?: Readonly<Record<string, string>>;
  readonly dataFolder?: string;
  /** The program of a copy. Left out: that of this folder. */
  readonly main?: string;
};

/** Starts the real server in a process of its own, on a free port and, unless told otherwise, an empty data folder. */
export async function startTreadle({ env = {}, dataFolder, main = MAIN }: Options = {}): Promise<RunningTreadle> {
  const folder = dataFolder ?? (await mkdtemp(join(tmpdir(), "treadle test (2) 100%41 é-")));
  const apiKey = env.TREADLE_BOOTSTRAP_KEY ?? `tr_${randomBytes(24).toString("hex")}`;
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TREADLE_PORT: "0",
      TREADLE_DATA: folder,
      TREADLE_BOOTSTRAP_KEY: apiKey,
      TREADLE_DEFAULT_MODEL: "none",
      TREADLE_OUTBOUND_ALLOW: "127.0.0.1",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines = collect(child);
  const url = await ready(child, lines);
  return {
    url,
    grpcUrl: /OTLP over gRPC:\s+(http\S+)/.exec(lines.text())?.[1] ?? "",
    apiKey,
    signInLink: /http\S+\/sign-in#token=\S+/.exec(lines.text())?.[0] ?? "",
    dataFolder: folder,
    pid: child.pid ?? 0,
    output: lines.text,
    async stop(signal = "SIGTERM") {
      await ended(child, signal);
      if (dataFolder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
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

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await end;
}
