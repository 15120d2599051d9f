import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient } from "../../packages/sdk/src/index.ts";
import { writeFakePython } from "../../packages/server/src/modules/train/training/testing/open-training.ts";
import { writeTinyModel } from "../../packages/server/src/platform/inference/testing/tiny-model.ts";
import { type RunningTreadle, startTreadle } from "./start-treadle.ts";

export type TrainingWorld = {
  readonly treadle: () => RunningTreadle;
  readonly client: () => Client;
  /** The id of a pulled tiny random model. */
  readonly modelId: string;
  /** Kills the server and starts it again on the same data. */
  killServer(): Promise<void>;
  close(): Promise<void>;
};

/** Starts a real server with a tiny model to train on. Without a Python, it uses a fake trainer that behaves as its configuration says. */
export async function openTrainingWorld(
  pythonPath?: string,
  more: Readonly<Record<string, string>> = {},
): Promise<TrainingWorld> {
  const dataFolder = await mkdtemp(join(tmpdir(), "treadle-training-world-"));
  const env = {
    TREADLE_BOOTSTRAP_KEY: `tr_${randomBytes(20).toString("hex")}`,
    TREADLE_SAMPLE_DATA: "false",
    TREADLE_TRAINER_PYTHON: pythonPath ?? (await writeFakePython(dataFolder)),
    ...more,
  };
  let treadle = await startTreadle({ dataFolder, env });
  let client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const source = join(dataFolder, "tiny-random.gguf");
  await writeTinyModel(source);
  const { modelId } = await pullModel(client, source);
  return {
    modelId,
    treadle: () => treadle,
    client: () => client,
    async killServer() {
      await treadle.stop("SIGKILL");
      treadle = await startTreadle({ dataFolder, env });
      client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
    },
    async close() {
      await treadle.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Pulls a GGUF file of this machine. */
export async function pullModel(client: Client, source: string) {
  const { pullId } = await client.call("POST /api/v1/model-pulls", { body: { source } });
  for (let tries = 0; tries < 600; tries++) {
    const pull = await client.call("GET /api/v1/model-pulls/:pullId", { params: { pullId } });
    if (pull.state === "done") return pull;
    if (pull.state !== "running") throw new Error(`the model was not pulled: ${pull.error}`);
    await delay(100);
  }
  throw new Error("the model was not pulled in time");
}

/** Creates a dataset of chats with one version. The last `long` chats have a question of 200 words. Returns its name with the version. */
export async function makeChats(
  client: Client,
  name: string,
  count: number | { readonly short: number; readonly long: number },
): Promise<string> {
  const { short, long } = typeof count === "number" ? { short: count, long: 0 } : count;
  const { datasetId } = await client.call("POST /api/v1/datasets", { body: { name } });
  const items = Array.from({ length: short + long }, (_, place) => ({
    inputs: {
      messages: [
        { role: "user", content: `What is ${place} and ${place}?${place < short ? "" : " Why?".repeat(200)}` },
      ],
    },
    expected: String(2 * place),
  }));
  await client.call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  await client.call("POST /api/v1/datasets/:datasetId/draft/commit", {
    params: { datasetId },
    body: { message: "first" },
  });
  return `${name}@1`;
}

/** Waits until the run satisfies a condition. */
export async function untilRun(
  client: () => Client,
  trainingRunId: string,
  isSo: (run: Awaited<ReturnType<typeof getRun>>) => boolean,
) {
  for (let tries = 0; tries < 6_000; tries++) {
    const run = await getRun(client(), trainingRunId);
    if (isSo(run)) return run;
    await delay(50);
  }
  throw new Error(`the run did not come so far: ${JSON.stringify(await getRun(client(), trainingRunId))}`);
}

const getRun = (client: Client, trainingRunId: string) =>
  client.call("GET /api/v1/training-runs/:trainingRunId", { params: { trainingRunId } });
