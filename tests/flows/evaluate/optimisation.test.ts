import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTreadle } from "../../../packages/cli/src/testing/run-treadle.ts";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

type Message = { readonly role: string; readonly content: string };

let treadle: SharedTreadle;
let provider: Server;
let call: Client["call"];
let datasetId: string;

/** A model that answers in capitals when its prompt says so. As the rewriting model, it suggests that prompt. */
function answer(model: string, messages: readonly Message[]): string {
  const last = messages.at(-1)?.content ?? "";
  if (model === "reflector") return "The answers are in capitals.\n```\nAnswer in CAPITALS.\n```";
  return messages[0]?.content.includes("CAPITALS") ? last.toUpperCase() : last;
}

beforeAll(async () => {
  provider = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { model, messages } = JSON.parse(Buffer.concat(chunks).toString());
    const message = { role: "assistant", content: answer(model, messages) };
    const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
    response.writeHead(200, { "content-type": "application/json" });
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    response.end(JSON.stringify({ id: "c", object: "chat.completion", created: 1, model, choices, usage }));
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: { slug: "own", preset: "vllm", baseUrl, models: ["echo", "reflector"], keys: [{ value: "sk-a" }] },
  });
  ({ datasetId } = await call("POST /api/v1/datasets", { body: { name: "shouts" } }));
  const items = Array.from({ length: 90 }, (_, at) => ({
    itemId: `q${at}`,
    inputs: { question: `question ${at}` },
    expected: `QUESTION ${at}`,
  }));
  await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  await call("POST /api/v1/datasets/:datasetId/draft/commit", { params: { datasetId }, body: { message: "first" } });
  await call("POST /api/v1/prompts", {
    body: {
      name: "shout",
      type: "chat",
      labels: ["production"],
      model: "own/echo",
      messages: [
        { role: "system", content: "Answer." },
        { role: "user", content: "{{question}}" },
      ],
    },
  });
}, 60_000);
afterAll(async () => {
  await treadle?.stop();
  provider?.close();
});

const order = () => ({
  name: "Shout",
  prompt: { name: "shout" },
  reflectionModel: "own/reflector",
  dataset: { datasetId, version: "main" },
  scorers: [{ kind: "exact-match" }],
  parts: { feedback: 15, selection: 15, test: 20 },
  budget: { answers: 120 },
});

test("a prompt is rewritten, tested on untouched items, and saved without a label", async () => {
  const body = order();
  expect(await call("POST /api/v1/optimisations/estimate", { body })).toMatchObject({ answers: 160, usd: null });
  const { optimisationId } = await call("POST /api/v1/optimisations", { body });
  const params = { optimisationId };
  let search = await call("GET /api/v1/optimisations/:optimisationId", { params });
  for (let tries = 0; tries < 400 && (search.status === "queued" || search.status === "running"); tries++) {
    await delay(50);
    search = await call("GET /api/v1/optimisations/:optimisationId", { params });
  }
  expect(search).toMatchObject({
    status: "done",
    best: 1,
    savedVersion: 2,
    prompt: { name: "shout", version: 1 },
    model: "own/echo",
    test: { comparison: { items: 20, meanBase: 0, meanHead: 1, verdict: "better" } },
  });
  const version = await call("GET /api/v1/prompts/:name/versions/:version", { params: { name: "shout", version: 2 } });
  expect(version.labels).toEqual(["latest"]);
  expect(version.message).toContain(optimisationId);
  const { items } = await call("GET /api/v1/optimisations", { query: { prompt: "shout" } });
  expect(items).toMatchObject([{ optimisationId, savedVersion: 2 }]);
  await expect(call("POST /api/v1/optimisations/:optimisationId/cancel", { params })).rejects.toThrow("has ended");
}, 60_000);

test("the command shows the attempts, the improvement and the place where it is saved", async () => {
  const env = { TREADLE_URL: treadle.url, TREADLE_API_KEY: treadle.apiKey };
  const optimize = (...args: string[]) => runTreadle(["optimize", "shout", ...args], { env });
  const common = ["--dataset", "shouts", "--scorer", "exact-match", "--prompt-version", "1"];
  const small = ["--feedback", "15", "--selection", "15", "--test", "20", "--answers", "120"];
  const done = await optimize(...common, ...small, "--reflection-model", "own/reflector");
  expect(done.stdout).toContain("BETTER");
  expect(done.stdout).toContain("+ Answer in CAPITALS.");
  expect(done.stdout).toContain("The answers are in capitals.");
  expect(done.stderr).toContain("160 answers");
  expect(done.code).toBe(0);
  const json = await optimize(...common, ...small, "--method", "few-shot", "--trials", "2", "--json");
  expect(json.json()).toMatchObject({ status: "done", method: "few-shot", reflections: 0 });
  // Examples do not make this model answer in capitals, so no better prompt is found.
  expect(json.code).toBe(3);
  const wrong = await optimize("--dataset", "shouts", "--method", "magic", "--scorer", "exact-match");
  expect(wrong.code).toBe(64);
  expect(wrong.stderr).toContain("magic");
}, 120_000);
