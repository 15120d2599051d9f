import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startScriptedProvider } from "../setup/scripted-provider.ts";
import { makeChats, openTrainingWorld, pullModel, type TrainingWorld, untilRun } from "../setup/training-world.ts";

const python = process.env.TREADLE_TRAINER_PYTHON ?? "";
const ENDED = new Set(["succeeded", "failed", "cancelled", "paused"]);
const TOPICS = ["lost card", "top up", "exchange rate", "a new name", "order 24", "no money", "transfer", "my account"];
const assistantTurn = (content: string) => [{ role: "assistant", content }];
const PAIRS = TOPICS.map((question, place) => ({
  question,
  chosen: `yes ${place}`,
  rejected: `no, the assistant trained to top up ${place}`,
}));

let world: TrainingWorld;
let provider: Awaited<ReturnType<typeof startScriptedProvider>>;
let folder = "";
let config: Record<string, unknown>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-tiny-"));
  await promisify(execFile)(python, ["-m", "treadle_trainer", "make-tiny", "--out", folder], {
    env: { ...process.env, PYTHONPATH: join(import.meta.dirname, "../../packages/trainer/src") },
  });
  [provider, world] = await Promise.all([startScriptedProvider(), openTrainingWorld(python)]);
  const { call } = world.client();
  const { modelId } = await pullModel(world.client(), join(folder, "tiny.gguf"));
  await call("POST /api/v1/connections", {
    body: {
      slug: "scripted",
      preset: "vllm",
      baseUrl: provider.baseUrl,
      models: ["echo-1"],
      keys: [{ value: "sk-a" }],
    },
  });
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "pairs" } });
  const items = PAIRS.map(({ question, chosen, rejected }) => ({
    inputs: { messages: [{ role: "user", content: question }] },
    expected: { chosen: assistantTurn(chosen), rejected: assistantTurn(rejected) },
  }));
  await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  await call("POST /api/v1/datasets/:datasetId/draft/commit", { params: { datasetId }, body: { message: "first" } });
  config = {
    base_model: modelId,
    datasets: [{ ref: "pairs@1" }],
    val: { fraction: 0 },
    sequence_len: 128,
    max_steps: 30,
    micro_batch_size: 4,
    gradient_accumulation_steps: 1,
    learning_rate: 0.01,
    precision: "fp32",
    save: { every: 10 },
    lora: { r: 4 },
    export: { gguf: "none" },
  };
}, 300_000);
afterAll(async () => {
  await world?.close();
  await provider?.close();
  await rm(folder, { recursive: true, force: true });
});

async function train(changes: object) {
  const { call } = world.client();
  const body = { config: { ...config, ...changes } };
  const { trainingRunId } = await call("POST /api/v1/training-runs", { body });
  const run = await untilRun(world.client, trainingRunId, ({ status }) => ENDED.has(status));
  expect(run).toMatchObject({ status: "succeeded", error: null });
}

const tryOut = (model: string, question: string, output: string) =>
  world.client().call("POST /api/v1/scorers/try", {
    body: {
      ref: { kind: "reward-model", params: { model } },
      sample: { output, messages: [{ role: "user", content: question }] },
    },
  });

test.each([
  ["adapter", "lora"],
  ["whole", "none"],
])(
  "a reward model that was trained as %s scores chosen answers above rejected ones",
  async (name, adapter) => {
    await train({ name, method: "reward", adapter });
    for (const { question, chosen, rejected } of PAIRS) {
      const [better, worse] = await Promise.all([tryOut(name, question, chosen), tryOut(name, question, rejected)]);
      expect([better, worse]).toMatchObject([{ state: "scored" }, { state: "scored" }]);
      expect(better.value).toBeGreaterThan(worse.value ?? Number.NaN);
      expect(better.details).toMatchObject({ model: `${name}@v1` });
    }
  },
  600_000,
);

test("experiments and live traffic are scored with the reward model, as the try-out scores them", async () => {
  const { call } = world.client();
  const scorer = { kind: "reward-model", name: "reward", params: { model: "adapter@v1" } };
  const filter = "user:ada";
  const { ruleId } = await call("POST /api/v1/live-scoring", { body: { name: "live", scorers: [scorer], filter } });
  await world.client().call("POST /v1/chat/completions", {
    body: { model: "scripted/echo-1", messages: [{ role: "user", content: "lost card" }], user: "ada" },
  });
  const [name = ""] = (await makeChats(world.client(), "questions", 4)).split("@");
  const { items: sets } = await call("GET /api/v1/datasets", { query: { search: name } });
  const { experimentId } = await call("POST /api/v1/experiments", {
    body: {
      name: "rewarded",
      dataset: { datasetId: sets[0]?.datasetId ?? "" },
      scorers: [scorer],
      variants: [{ name: "plain", model: "scripted/echo-1" }],
    },
  });
  const params = { experimentId };
  const isOn = async () => (await call("GET /api/v1/experiments/:experimentId", { params })).status;
  while (["queued", "running"].includes(await isOn())) await delay(200);
  const experiment = await call("GET /api/v1/experiments/:experimentId", { params });
  const rewards = await Promise.all(
    [0, 1, 2, 3].map(async (place) => {
      const question = `What is ${place} and ${place}?`;
      return (await tryOut("adapter@v1", question, `You said: ${question}`)).value ?? Number.NaN;
    }),
  );
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  expect(experiment).toMatchObject({
    status: "done",
    runs: [{ scores: [{ value: expect.closeTo(mean, 4), items: 4 }] }],
  });
  const counts = async () => (await call("GET /api/v1/live-scoring/:ruleId", { params: { ruleId } })).counts;
  await expect.poll(counts, { timeout: 60_000, interval: 250 }).toMatchObject({ scored: 1, failed: 0 });
}, 300_000);
