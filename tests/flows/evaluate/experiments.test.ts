import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiError, type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let provider: ScriptedProvider;
let call: Client["call"];
let datasetId: string;

beforeAll(async () => {
  provider = await startScriptedProvider();
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: {
      slug: "scripted",
      preset: "vllm",
      baseUrl: provider.baseUrl,
      models: ["echo-1", "error-500"],
      maxRetries: 0,
      keys: [{ value: "sk-a" }],
    },
  });
  ({ datasetId } = await call("POST /api/v1/datasets", { body: { name: "questions" } }));
  const items = Array.from({ length: 60 }, (_, at) => ({
    itemId: `q${at}`,
    inputs: { question: `Question ${at}` },
    expected: `You said: Question ${at}`,
    metadata: { half: at < 30 ? "first" : "second" },
  }));
  await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  await call("POST /api/v1/datasets/:datasetId/draft/commit", { params: { datasetId }, body: { message: "first" } });
  await call("POST /api/v1/prompts", {
    body: { name: "ask", type: "text", template: "{{question}}", labels: ["production"], model: "scripted/echo-1" },
  });
}, 60_000);
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
});

async function run(input: Record<string, unknown>) {
  const body = { name: "Flow", dataset: { datasetId }, scorers: [{ kind: "exact-match", params: {} }], ...input };
  const started = await call("POST /api/v1/experiments", { body: body as never });
  const params = { experimentId: started.experimentId };
  for (let tries = 0; tries < 600; tries++) {
    const experiment = await call("GET /api/v1/experiments/:experimentId", { params });
    if (experiment.status !== "queued" && experiment.status !== "running") return experiment;
    await delay(50);
  }
  throw new Error("the experiment does not end");
}
const plain = { name: "plain", model: "scripted/echo-1" };
const shouting = { ...plain, name: "shouting", messages: [{ role: "user" as const, content: "{{question}}!" }] };

test("two variants are answered through the gateway, scored, compared, and decided about", async () => {
  const experiment = await run({ variants: [plain, shouting], suite: "flow", source: { branch: "main" } });
  expect(experiment).toMatchObject({
    status: "done",
    stopped: "finished",
    spent: { calls: 120, tokens: 120 * 18 },
    dataset: { name: "questions", items: 60 },
    runs: [{ scores: [{ value: 1, items: 60 }] }, { scores: [{ value: 0 }] }],
  });
  const [good, bad] = experiment.runs.map(({ runId }) => runId);
  if (good === undefined || bad === undefined) throw new Error("there are two runs");
  const { heads } = await call("GET /api/v1/runs/compare", { query: { base: good, heads: bad } });
  expect(heads[0]?.scorers[0]).toMatchObject({ verdict: "worse", test: "mcnemar-exact", items: 60, worse: 60 });
  const slices = await call("GET /api/v1/runs/:runId/slices", { params: { runId: bad }, query: { base: good } });
  expect(slices.worst).toMatchObject({ field: "half", items: 30, verdict: "worse" });
  const passed = await call("POST /api/v1/gates/decide", { body: { head: good } });
  expect(passed).toMatchObject({ outcome: "pass", exitCode: 0 });
  const decided = await call("POST /api/v1/gates/decide", {
    body: { head: bad, base: { suite: "flow", branch: "main" } },
  });
  expect(decided).toMatchObject({ outcome: "regression", exitCode: 1, base: { runId: good } });
  const again = await run({ variants: [plain], suite: "flow", source: { branch: "change" } });
  const head = again.runs[0]?.runId ?? "";
  expect(
    await call("POST /api/v1/gates/decide", { body: { head, base: { suite: "flow", branch: "main" } } }),
  ).toMatchObject({
    outcome: "pass",
    exitCode: 0,
  });
}, 60_000);

test("each answer leads to its span, which names the run and the prompt's version", async () => {
  const experiment = await run({
    variants: [{ name: "stored", prompt: { name: "ask" } }],
    dataset: { datasetId, limit: 3 },
  });
  const runId = experiment.runs[0]?.runId ?? "";
  const { items } = await call("GET /api/v1/runs/:runId/items", { params: { runId } });
  expect(items).toHaveLength(3);
  const result = items[0]?.results[0];
  expect(result).toMatchObject({ state: "ok", inputTokens: 11, outputTokens: 7, scores: [{ value: 1 }] });
  const params = { traceId: result?.traceId ?? "" };
  await expect
    .poll(async () => (await call("GET /api/v1/traces/:traceId", { params }).catch(() => null))?.spans[0], {
      timeout: 15_000,
    })
    .toMatchObject({ promptName: "ask", promptVersion: "1", environment: "evaluation", metadata: { run: runId } });
}, 60_000);

test("a provider that fails is counted apart from the scores, and the gate says so with its own exit code", async () => {
  const experiment = await run({ variants: [{ name: "broken", model: "scripted/error-500" }], maxOutageSeconds: 1 });
  expect(experiment).toMatchObject({ status: "failed", runs: [{ scores: [{ value: null, items: 0 }] }] });
  expect(experiment.runs[0]?.errors).toBeGreaterThan(0);
  expect(experiment.runs[0]?.errors).toBe(experiment.runs[0]?.answers);
  const head = experiment.runs[0]?.runId ?? "";
  expect(await call("POST /api/v1/gates/decide", { body: { head } })).toMatchObject({
    outcome: "provider-errors",
    exitCode: 4,
  });
}, 60_000);

test("an estimate costs nothing, and a budget stops in time", async () => {
  const before = provider.seen.length;
  const body = { name: "E", dataset: { datasetId }, variants: [plain], repeats: 3 };
  expect(await call("POST /api/v1/experiments/estimate", { body })).toMatchObject({ items: 60, answers: 180 });
  expect(provider.seen).toHaveLength(before);
  const stopped = await run({ variants: [plain], budget: { tokens: 200 }, concurrency: 1 });
  expect(stopped).toMatchObject({ stopped: "budget-tokens", spent: { calls: 11 } });
}, 60_000);

test("problems of an experiment are reported with their place before it starts", async () => {
  const refusal = (body: object) =>
    call("POST /api/v1/experiments", { body: body as never }).catch((error: unknown) => error);
  const whole = { name: "X", dataset: { datasetId }, variants: [plain] };
  for (const [change, words] of [
    [{ variants: [{ name: "v", model: "nowhere/none" }] }, "variants.0"],
    [{ variants: [plain, plain] }, "different names"],
    [{ variants: [{ name: "v" }] }, "no prompt that names a model"],
    [{ scorers: [{ kind: "no-such-kind" }] }, "no-such-kind"],
    [{ dataset: { datasetId, version: "99" } }, "99"],
    [{ repeats: 0 }, "repeats"],
  ] as const) {
    const error = await refusal({ ...whole, ...change });
    expect(error).toBeInstanceOf(ApiError);
    expect(String((error as Error).message)).toContain(words);
  }
});

test("a report is downloaded as a file", async () => {
  const { items } = await call("GET /api/v1/runs", { query: { suite: "flow", branch: "main" } });
  const runId = items[0]?.runId ?? "";
  const headers = { authorization: `Bearer ${treadle.apiKey}` };
  const response = await fetch(`${treadle.url}/api/v1/runs/${runId}/export?format=html`, { headers });
  expect(response.headers.get("content-security-policy")).toContain("sandbox");
  expect(await response.text()).toContain("<h2>Scores</h2>");
});
