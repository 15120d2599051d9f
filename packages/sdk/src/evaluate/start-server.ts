import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Environment } from "./find-source.ts";

export type StartedServer = {
  readonly url: string;
  /** A key with full rights, of this server alone. */
  readonly apiKey: string;
  stop(): Promise<void>;
};
type Options = {
  /** The program and its first arguments, such as `["node_modules/.bin/treadle"]`. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Kept when it is named; otherwise a new one, which is removed at the end. */
  readonly dataFolder: string | undefined;
  readonly env: Environment;
  /** Called once the folder is known. */
  readonly onFolder?: (folder: string) => void;
};
const MOST_TOLD = 4_000;

/** Starts `treadle serve` on a free port of this machine alone. Throws with what it said when it does not come up. */
export async function startServer({ command, dataFolder, env, onFolder }: Options): Promise<StartedServer> {
  const folder = dataFolder === undefined ? mkdtempSync(join(tmpdir(), "treadle-eval-")) : resolve(dataFolder);
  onFolder?.(folder);
  const apiKey = `tr_${randomBytes(24).toString("hex")}`;
  const [program, ...first] = command;
  const child = spawn(program, [...first, "serve", "--json", "--host", "127.0.0.1", "--port", "0", "--data", folder], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { TREADLE_DEFAULT_MODEL: "none", ...env, TREADLE_BOOTSTRAP_KEY: apiKey, TREADLE_SAMPLE_DATA: "false" },
  });
  let output = "";
  child.stderr.on("data", (bytes: Buffer) => {
    output = `${output}${bytes.toString()}`.slice(-MOST_TOLD);
  });
  child.on("error", (error) => {
    output = `${output}${error.message}`;
  });
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const stop = async () => {
    if (child.exitCode === null) child.kill("SIGTERM");
    await ended;
    if (dataFolder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const url = await Promise.race([urlIn(child.stdout), ended.then(() => null)]);
  if (url !== null) return { url, apiKey, stop };
  await stop();
  throw new Error(`The server of its own did not start (${command.join(" ")} serve):\n${output}`);
}

async function urlIn(stdout: NodeJS.ReadableStream): Promise<string | null> {
  for await (const line of createInterface({ input: stdout })) {
    const message: unknown = JSON.parse(line);
    if (typeof message === "object" && message !== null && "url" in message) return String(message.url);
  }
  return null;
}
