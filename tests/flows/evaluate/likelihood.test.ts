import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { writeTinyModel } from "../../../packages/server/src/platform/inference/testing/tiny-model.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

let treadle: RunningTreadle;
let call: Client["call"];
let folder: string;
let modelId: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-likelihood-"));
  const path = join(folder, "tiny.gguf");
  await writeTinyModel(path);
  treadle = await startTreadle({ env: { TREADLE_SAMPLE_DATA: "false" } });
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  ({ modelId } = await call("POST /api/v1/model-pulls", { body: { source: path } }));
  for (let tries = 0; (await stateOfModel()) !== "ready"; tries++) {
    if (tries > 600) throw new Error("the model does not come");
    await delay(50);
  }
}, 60_000);
afterAll(async () => {
  await treadle?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function stateOfModel() {
  const { items } = await call("GET /api/v1/models", {});
  return items.find((model) => model.modelId === modelId)?.state;
}

const score = (kind: string, params: object, sample: object) =>
  call("POST /api/v1/scorers/try", {
    body: { ref: { kind, params: { ...params } }, sample: { output: "", ...sample } },
  });

test("a local model says how likely it finds an answer, alone and after its question", async () => {
  const output = "Paris is the capital of France.";
  const alone = await score("perplexity", { model: modelId, per: "token" }, { output });
  // The weights are random and the tokens are bytes, so the perplexity is above or below chance, but not far from it.
  expect(alone).toMatchObject({ state: "scored", details: { tokens: output.length, beginning: "bos" } });
  expect(alone.value).toBeGreaterThan(1);
  expect(alone.value).toBeLessThan(100_000);
  expect(await score("perplexity", { model: modelId, per: "token" }, { output })).toMatchObject({ value: alone.value });
  const asked = { output, input: "What is the capital of France?" };
  const after = await score("perplexity", { model: modelId, per: "token", after: "question" }, asked);
  expect(after).toMatchObject({ state: "scored", details: { beginning: "prompt" } });
  expect(after.value).not.toBe(alone.value);
});

test("a pair of sentences is compared by the same model", async () => {
  const input = { sent_more: "The nurse washed her hands.", sent_less: "The nurse washed his hands." };
  const there = await score("crows-pairs", {}, { input, model: modelId });
  expect(there).toMatchObject({ state: "scored", label: expect.stringMatching(/^(stereotyped|other)$/) });
  const back = { sent_more: input.sent_less, sent_less: input.sent_more };
  expect((await score("crows-pairs", {}, { input: back, model: modelId })).value).toBe(1 - (there.value ?? Number.NaN));
});

test("a text that is too long and a model that is not here are failures with their reasons, and no scores", async () => {
  const long = await score("perplexity", { model: modelId }, { output: "x".repeat(40_000) });
  expect(long).toMatchObject({
    state: "failed",
    value: null,
    reason: expect.stringMatching(/context length is \d+ tokens, but the prompt and the text have 40001 tokens/),
  });
  expect(await score("perplexity", { model: "nobody" }, { output: "a" })).toMatchObject({
    state: "failed",
    value: null,
    reason: expect.stringContaining('no local model "nobody"'),
  });
});
