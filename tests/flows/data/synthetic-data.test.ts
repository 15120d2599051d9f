import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTreadle } from "../../../packages/cli/src/testing/run-treadle.ts";
import { type Answer, ApiError, type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let provider: ScriptedProvider;
let call: Client["call"];

beforeAll(async () => {
  provider = await startScriptedProvider();
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: {
      slug: "scripted",
      preset: "vllm",
      baseUrl: provider.baseUrl,
      models: ["echo-1", "writer-1", "judge-1"],
      maxRetries: 0,
      keys: [{ value: "sk-a" }],
    },
  });
});
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
});

const MODEL = "scripted/echo-1";

async function make(name: string, items: { inputs: Record<string, unknown>; expected?: unknown }[]): Promise<string> {
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name } });
  if (items.length > 0)
    await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  return datasetId;
}
type Body = { recipe: "questions" | "evolve" | "answers" | "preferences"; model: string; count: number };
async function generate(
  datasetId: string,
  body: Body & Record<string, unknown>,
): Promise<Answer<"GET /api/v1/jobs/:jobId">> {
  const { jobId } = await call("POST /api/v1/datasets/:datasetId/synthesis", { params: { datasetId }, body });
  for (let tries = 0; tries < 600; tries++) {
    const job = await call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    if (job.status !== "queued" && job.status !== "running") return job;
    await delay(50);
  }
  throw new Error("the job does not end");
}
const itemsOf = async (datasetId: string) =>
  (await call("GET /api/v1/datasets/:datasetId/items", { params: { datasetId }, query: { at: "draft" } })).items;
const draftOf = (datasetId: string) => call("GET /api/v1/datasets/:datasetId/draft", { params: { datasetId } });

test("items get the answers they lack through the gateway, in one step that is undone and committed like any other", async () => {
  const datasetId = await make("asked", [
    { inputs: { question: "Who are you?" } },
    { inputs: { question: "Where are you?" }, expected: "Here." },
    { inputs: { messages: [{ role: "user", content: "Hello" }] } },
  ]);
  const job = await generate(datasetId, { recipe: "answers", model: MODEL, count: 10 });
  expect(job).toMatchObject({ status: "done", result: { changed: 2, added: 0, spent: { calls: 2, tokens: 36 } } });
  const items = await itemsOf(datasetId);
  expect(items.map(({ expected }) => expected)).toEqual([
    "You said: Who are you?",
    "Here.",
    { role: "assistant", content: "You said: Hello" },
  ]);
  expect(items[0]).toMatchObject({ source: { kind: "synthetic", model: MODEL, jobId: job.jobId } });
  expect((await draftOf(datasetId)).steps.at(-1)).toMatchObject({ kind: "synthetic", counts: { changed: 2 } });
  await call("POST /api/v1/datasets/:datasetId/draft/undo", { params: { datasetId }, body: {} });
  expect((await itemsOf(datasetId))[0]?.expected).toBeNull();
  await call("POST /api/v1/datasets/:datasetId/draft/redo", { params: { datasetId }, body: {} });
  const version = await call("POST /api/v1/datasets/:datasetId/draft/commit", {
    params: { datasetId },
    body: { message: "answered" },
  });
  expect(version.stats.sources).toContainEqual({ kind: "synthetic", rows: 2 });
});

test("a model that only echoes gives items that are there already: none is added, and it says so", async () => {
  const datasetId = await make("echoed", [{ inputs: { question: "Who are you?" }, expected: "Me." }]);
  const preview = await call("POST /api/v1/datasets/:datasetId/synthesis/preview", {
    params: { datasetId },
    body: { recipe: "evolve", model: MODEL, count: 5, tries: 1 },
  });
  expect(preview.items).toMatchObject([{ loss: "duplicate", item: { inputs: { question: "Who are you?" } } }]);
  expect(preview).toMatchObject({ kept: 0, forecast: null, spent: { calls: 1, tokens: 18 } });
  const { result } = await generate(datasetId, { recipe: "evolve", model: MODEL, count: 5 });
  expect(result).toMatchObject({ stop: "too-few-kept", added: 0 });
  expect((await draftOf(datasetId)).rows).toBe(1);
});

test("a budget of tokens, and one of money without a price, end the work and keep what was made", async () => {
  const items = Array.from({ length: 20 }, (_, at) => ({ inputs: { question: `Number ${at}?` } }));
  const datasetId = await make("bounded", items);
  const body = { recipe: "answers" as const, model: MODEL, count: 20, concurrency: 1 };
  const { result } = await generate(datasetId, { ...body, budget: { tokens: 60 } });
  expect(result).toMatchObject({ stop: "budget-tokens", changed: 3, spent: { tokens: 54 } });
  const { result: unpriced } = await generate(datasetId, { ...body, budget: { usd: 1 } });
  expect(unpriced).toMatchObject({ stop: "price-unknown", changed: 1 });
  await call("POST /api/v1/model-prices", {
    body: { provider: "*", model: "echo-1", inputUsdPerMillion: 1_000, outputUsdPerMillion: 2_000 },
  });
  const { result: priced } = await generate(datasetId, { ...body, budget: { usd: 0.06 } });
  expect(priced).toMatchObject({ stop: "budget-usd", changed: 2, spent: { calls: 2, unpricedCalls: 0 } });
});

test("what cannot be done is refused before anything is paid for, and a missing model fails the job with its name", async () => {
  const datasetId = await make("refused", [{ inputs: { question: "Who?" } }]);
  const start = (body: Body & Record<string, unknown>) =>
    call("POST /api/v1/datasets/:datasetId/synthesis", { params: { datasetId }, body }).catch((error) => error);
  const requestCount = provider.seen.length;
  const refusals = [
    [await start({ recipe: "preferences", model: MODEL, count: 1 }), 400, "Set `judge`"],
    [await start({ recipe: "answers", model: MODEL, count: 0 }), 400, "count"],
    [await start({ recipe: "answers", model: MODEL, count: 1, seeds: { datasetId: "ds_none" } }), 404, "ds_none"],
  ] as const;
  for (const [error, status, words] of refusals) {
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status, message: expect.stringContaining(words) });
  }
  expect(provider.seen.length).toBe(requestCount);
  const job = await generate(datasetId, { recipe: "answers", model: "nobody/nothing", count: 1 });
  expect(job).toMatchObject({ status: "failed", error: { message: expect.stringContaining("nobody") } });
});

test("the command line previews, generates with a judge and a budget, and shows progress and the result", async () => {
  const datasetId = await make("from the shell", [{ inputs: { question: "Who are you?" }, expected: "Me." }]);
  const run = (...args: readonly string[]) =>
    runTreadle(["dataset", "generate", ...args, "--url", treadle.url, "--key", treadle.apiKey]);
  const asked = ["from the shell", "--model", "scripted/writer-1", "--count", "12", "--instructions", "About looms."];

  const tried = await run(...asked, "--judge", "scripted/judge-1", "--try", "1");
  expect(tried.stdout).toMatch(/^kept 9 of 10, clear\n {2}\{"question":"Which .* → "The /);
  expect(tried.stdout).toContain("dropped (below-threshold) 3 of 10");
  expect(tried.stdout).toMatch(/All items would use about \d+ tokens/);
  expect((await draftOf(datasetId)).rows).toBe(1);

  const made = await run(...asked, "--judge", "scripted/judge-1", "--budget-tokens", "100000");
  expect([made.code, made.stderr]).toEqual([0, expect.stringContaining("Generate 12 for from the shell")]);
  expect(made.stdout).toContain("12 items added\n");
  expect(made.stdout).toMatch(/\d+ lost: below-threshold/);
  const items = await itemsOf(datasetId);
  expect(items).toHaveLength(13);
  expect(items[1]).toMatchObject({
    source: { kind: "synthetic", model: "scripted/writer-1" },
    metadata: { synthetic: { judge: "scripted/judge-1", score: 9 } },
  });
  expect(JSON.stringify(provider.seen.at(-1)?.body)).toContain("You judge items");

  const bounded = await run(...asked, "--budget-tokens", "30", "--concurrency", "1", "--json");
  expect(bounded.json()).toMatchObject({ status: "done", result: { stop: "budget-tokens", added: 5 } });

  const refusals = [
    [64, await run("from the shell", "--count", "1"), "--model"],
    [64, await run(...asked, "--count", "many"), '--count must be a number, not "many"'],
    [64, await run(...asked, "--recipe", "poems"), "questions, evolve, answers, preferences"],
    [1, await run(...asked, "--recipe", "preferences"), "Set `judge`"],
    [64, await run(...asked, "--least-score", "8"), "Add --judge"],
    [1, await run("nowhere", "--model", "scripted/writer-1"), 'There is no dataset "nowhere"'],
  ] as const;
  for (const [expected, { code, stderr }, words] of refusals) {
    expect(code).toBe(expected);
    expect(stderr).toContain(words);
  }
});
