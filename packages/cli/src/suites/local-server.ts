import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Client, createClient } from "@treadle/sdk";

const binary = fileURLToPath(new URL("../../bin/treadle.mjs", import.meta.url));
const POLL_MS = 500;

export type LocalServer = { readonly client: Client; readonly url: string; stop(): Promise<void> };
type Options = {
  /** Kept when it is named; otherwise a new one, which is removed at the end. */
  readonly dataFolder: string | undefined;
  /** The model that is pulled when the folder is new; null for none. */
  readonly model: string | null;
  readonly say: (line: string) => void;
};

/** Starts a server for the time of one command, on a free port of this machine alone. */
export async function startLocalServer({ dataFolder, model, say }: Options): Promise<LocalServer> {
  const folder = dataFolder === undefined ? mkdtempSync(join(tmpdir(), "treadle-eval-")) : resolve(dataFolder);
  const apiKey = `tr_${randomBytes(24).toString("hex")}`;
  say(`Starting a server of its own in ${folder}`);
  const child = spawn(
    process.execPath,
    [binary, "serve", "--json", "--host", "127.0.0.1", "--port", "0", "--data", folder],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        TREADLE_BOOTSTRAP_KEY: apiKey,
        TREADLE_SAMPLE_DATA: "false",
        TREADLE_DEFAULT_MODEL: model ?? "none",
      },
    },
  );
  let told = "";
  child.stderr.on("data", (bytes: Buffer) => {
    told = `${told}${bytes.toString()}`.slice(-4_000);
  });
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const stop = async () => {
    if (child.exitCode === null) child.kill("SIGTERM");
    await ended;
    if (dataFolder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = await Promise.race([urlIn(child.stdout), ended.then(() => null)]);
    if (url === null) throw new Error(`The server of its own did not start:\n${told}`);
    const client = createClient({ baseUrl: url, apiKey });
    if (model !== null) await untilPulled(client, say);
    return { client, url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function urlIn(stdout: NodeJS.ReadableStream): Promise<string | null> {
  for await (const line of createInterface({ input: stdout })) {
    const said: unknown = JSON.parse(line);
    if (typeof said === "object" && said !== null && "url" in said) return String(said.url);
  }
  return null;
}

/** The first start pulls the model by itself. */
async function untilPulled(client: Client, say: (line: string) => void): Promise<void> {
  for (let last = ""; ; await delay(POLL_MS)) {
    const { items } = await client.call("GET /api/v1/model-pulls");
    const running = items.find(({ state }) => state === "running");
    const failed = items.find(({ state }) => state === "failed");
    if (failed)
      throw new Error(`${failed.modelId} could not be pulled: ${failed.error ?? "the server gave no reason"}`);
    if (!running) return;
    const line = `${running.modelId}: ${running.step}`;
    if (line !== last) say(line);
    last = line;
  }
}
