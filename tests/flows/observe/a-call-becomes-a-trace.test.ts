import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
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
      models: ["echo-1"],
      maxRetries: 0,
      keys: [{ value: "sk-a" }],
    },
  });
  await call("POST /api/v1/model-prices", {
    body: {
      provider: "*",
      model: "echo-1",
      inputUsdPerMillion: 1_000,
      outputUsdPerMillion: 2_000,
      cachedInputUsdPerMillion: 100,
    },
  });
});
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
});

const chat = (body: object, headers: Record<string, string> = {}) =>
  fetch(`${treadle.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({ messages: [{ role: "user", content: "hello there" }], ...body }),
  });

/** The span of a response, once the spool has delivered it. */
async function spanOf(response: Response) {
  const traceId = response.headers.get("x-treadle-trace-id") ?? "";
  for (let tries = 0; tries < 200; tries++) {
    const { spans } = await call("GET /api/v1/traces/:traceId", { params: { traceId } }).catch(() => ({ spans: [] }));
    if (spans[0]) return spans[0];
    await delay(50);
  }
  throw new Error(`no span of ${traceId}`);
}

test("a call is recorded with its messages, tokens, price, times and who made it", async () => {
  const response = await chat(
    { model: "scripted/echo-1", temperature: 0.5, metadata: { feature: "search" } },
    {
      "x-treadle-user": "user-7",
      "x-treadle-session": "session-9",
      "x-treadle-tags": "beta,web",
      "x-treadle-metadata": '{"plan":"pro"}',
      "x-treadle-environment": "test",
    },
  );
  await response.text();
  expect(await spanOf(response)).toMatchObject({
    kind: "generation",
    status: "ok",
    requestModel: "scripted/echo-1",
    responseModel: "echo-1",
    userId: "user-7",
    sessionId: "session-9",
    tags: ["beta", "web"],
    metadata: { plan: "pro", feature: "search" },
    environment: "test",
    inputTokens: 11,
    cachedInputTokens: 3,
    outputTokens: 7,
    reasoningTokens: 2,
    // 8 uncached tokens at $1,000 per million, 3 cached at $100, 7 output tokens at $2,000.
    costUsd: expect.closeTo(0.008 + 0.0003 + 0.014, 9),
    parameters: { temperature: 0.5 },
    input: [{ role: "user", parts: [{ type: "text", content: "hello there" }] }],
    output: [{ role: "assistant", parts: [{ type: "text", content: "You said: hello there" }] }],
    attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": expect.any(String) },
    configHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    attempts: [{ connection: "scripted", model: "echo-1", status: 200 }],
  });
});

test("a streamed call has the time to its first token and the same tokens", async () => {
  const response = await chat({ model: "echo-1", stream: true });
  expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/);
  const span = await spanOf(response);
  expect(span).toMatchObject({
    inputTokens: 11,
    outputTokens: 7,
    output: [{ parts: [{ content: "You said: hello there" }] }],
  });
  expect(span.timeToFirstTokenMs).toBeGreaterThan(0);
  expect(span.timeToFirstTokenMs).toBeLessThanOrEqual(span.durationMs);
});

test("a fallback is taken before the first byte and both tries are recorded", async () => {
  const response = await chat({ model: "scripted/error-503" }, { "x-treadle-fallback": "scripted/echo-1" });
  expect(response.status).toBe(200);
  expect(response.headers.get("x-treadle-model")).toBe("scripted/echo-1");
  expect((await spanOf(response)).attempts).toMatchObject([
    { model: "error-503", status: 503 },
    { model: "echo-1", status: 200 },
  ]);
});

test("an endpoint is called by its name, and its fallbacks come with it", async () => {
  await call("POST /api/v1/endpoints", {
    body: { name: "support", variants: [{ model: "scripted/error-500" }], fallbacks: ["scripted/echo-1"] },
  });
  const response = await chat({ model: "support" });
  expect(response.status).toBe(200);
  expect(await spanOf(response)).toMatchObject({
    endpoint: "support",
    requestModel: "support",
    responseModel: "echo-1",
  });
});

test("the second of two equal calls is answered from the cache when it is on, at no cost", async () => {
  const complete = () => chat({ model: "scripted/echo-1", seed: 42 }, { "x-treadle-cache": "60" });
  const first = await complete();
  const firstText = await first.text();
  const asked = provider.seen.length;
  const second = await complete();
  expect(await second.text()).toBe(firstText);
  expect([first.headers.get("x-treadle-cache"), second.headers.get("x-treadle-cache")]).toEqual(["miss", "hit"]);
  expect(provider.seen.length).toBe(asked);
  expect(await spanOf(second)).toMatchObject({ isCacheHit: true, costUsd: 0 });
});

test("a failed call is a span with the provider's words", async () => {
  const response = await chat({ model: "scripted/error-400" });
  expect(response.status).toBe(400);
  expect(await spanOf(response)).toMatchObject({
    status: "error",
    errorMessage: expect.stringContaining("scripted 400"),
    outputTokens: 0,
  });
});

test("a caller's trace continues: the span joins the given trace under the given parent", async () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const response = await chat({ model: "echo-1" }, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  await response.text();
  expect(await spanOf(response)).toMatchObject({ traceId, parentSpanId: "00f067aa0ba902b7" });
});

test("the overview adds the calls up", async () => {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const overview = await call("GET /api/v1/overview", {
    query: { from, to: new Date(Date.now() + 60_000).toISOString(), buckets: 10 },
  });
  expect(overview.totals.requests).toBeGreaterThanOrEqual(7);
  expect(overview.totals.errors).toBe(1);
  expect(overview.buckets.reduce((sum, bucket) => sum + bucket.requests, 0)).toBe(overview.totals.requests);
  expect(overview.totals.costUsd).toBeGreaterThan(0.02);
});
