import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Client, createClient } from "@treadle/sdk";
import { startServer } from "@treadle/sdk/evaluate";

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
  const { url, apiKey, stop } = await startServer({
    command: [process.execPath, binary],
    dataFolder,
    env: { ...process.env, TREADLE_DEFAULT_MODEL: model ?? "none" },
    onFolder: (folder) => say(`Starting a separate server in ${folder}`),
  });
  try {
    const client = createClient({ baseUrl: url, apiKey });
    if (model !== null) await untilPulled(client, say);
    return { client, url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first start pulls the model by itself. */
async function untilPulled(client: Client, say: (line: string) => void): Promise<void> {
  for (let last = ""; ; await delay(POLL_MS)) {
    const { items } = await client.call("GET /api/v1/model-pulls");
    const running = items.find(({ state }) => state === "running");
    const failed = items.find(({ state }) => state === "failed");
    if (failed)
      throw new Error(`${failed.modelId} could not be pulled: ${failed.error ?? "the server reported no reason"}`);
    if (!running) return;
    const line = `${running.modelId}: ${running.step}`;
    if (line !== last) say(line);
    last = line;
  }
}
