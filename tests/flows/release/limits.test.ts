import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

const CALLERS = 200;

/** The model's name is the script: `slow` waits until it is released, `broken` breaks its stream off, `error-500` fails. */
function createProvider() {
  const waiting: (() => void)[] = [];
  const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
  const answer = {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "echo",
    choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
    usage,
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    if (body.model === "slow") await new Promise<void>((resolve) => waiting.push(resolve));
    if (body.model === "error-500") return void response.writeHead(500).end('{"error":{"message":"no"}}');
    if (body.model === "broken") {
      const delta = { ...answer, object: "chat.completion.chunk", usage: undefined };
      const choices = [{ index: 0, delta: { role: "assistant", content: "Hel" } }];
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`data: ${JSON.stringify({ ...delta, choices })}\n\n`);
      return void setTimeout(() => response.destroy(), 50);
    }
    response.writeHead(200, { "content-type": "application/json" });
    const embeddings = { object: "list", model: "echo", data: [{ object: "embedding", index: 0, embedding: [0.5] }] };
    const isEmbedding = request.url?.endsWith("/embeddings");
    response.end(JSON.stringify(isEmbedding ? { ...embeddings, usage } : { ...answer, model: body.model }));
  });
  const release = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { server, release, waiting };
}

const provider = createProvider();
let treadle: SharedTreadle;
let call: Client["call"];

beforeAll(async () => {
  await new Promise<void>((resolve) => provider.server.listen(0, "127.0.0.1", resolve));
  const { port } = provider.server.address() as AddressInfo;
  treadle = await openSharedTreadle();
  call = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }).call;
  const connection = { preset: "vllm" as const, baseUrl: `http://127.0.0.1:${port}/v1`, maxRetries: 0 };
  const keys = [{ value: "sk-scripted" }];
  for (const slug of ["scripted", "spare"])
    await call("POST /api/v1/connections", { body: { slug, ...connection, models: ["echo", "slow"], keys } });
  const price = { provider: "vllm", inputUsdPerMillion: 1_000, outputUsdPerMillion: 1_000 };
  await call("POST /api/v1/model-prices", { body: { ...price, model: "*" } });
});
afterAll(async () => {
  await treadle?.stop();
  provider.server.closeAllConnections();
  provider.server.close();
});

type Options = { readonly path?: string; readonly key?: string; readonly headers?: Record<string, string> };

const post = (body: object, { path = "chat/completions", key = treadle.apiKey, headers = {} }: Options = {}) =>
  fetch(`${treadle.url}/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify(body),
  });
const messages = [{ role: "user", content: "Hello" }];
const chat = (more: object = {}, options: Options = {}) =>
  post({ model: "scripted/echo", max_tokens: 20, messages, ...more }, options);
const tagged = (tag: string) => ({ headers: { "x-treadle-tags": tag } });

type Body = Parameters<typeof makeLimit>[0];
async function makeLimit(body: {
  name: string;
  measure: "requests" | "tokens" | "cost" | "concurrency";
  window?: "minute" | "hour" | "day" | "month";
  amount: number;
  scope?: "key" | "tag" | "endpoint" | "provider" | "user";
  value?: string;
  queueSeconds?: number;
}) {
  return call("POST /api/v1/limits", { body });
}
const limitTag = (tag: string, body: Omit<Body, "name" | "scope" | "value">) =>
  makeLimit({ ...body, name: tag, scope: "tag", value: tag });
const read = (limitId: string) => call("GET /api/v1/limits/:limitId", { params: { limitId } });

test("of 200 calls at the same time, a limit of 100 lets exactly 100 pass", async () => {
  await limitTag("crowd", { measure: "requests", window: "day", amount: CALLERS / 2 });
  const statuses = await Promise.all(
    Array.from({ length: CALLERS }, async () => (await chat({}, tagged("crowd"))).status),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(CALLERS / 2);
  expect(statuses.filter((status) => status === 429)).toHaveLength(CALLERS / 2);
});

test("every route that calls a model counts", async () => {
  const { limitId } = await limitTag("routes", { measure: "requests", window: "day", amount: 5 });
  const routes = {
    "chat/completions": { messages },
    completions: { prompt: "Hello" },
    responses: { input: "Hello" },
    messages: { messages, max_tokens: 20 },
    embeddings: { input: "Hello" },
  };
  const send = async ([path, body]: [string, object]) =>
    (await post({ model: "scripted/echo", ...body }, { path, ...tagged("routes") })).status;
  for (const route of Object.entries(routes)) expect([route[0], await send(route)]).toEqual([route[0], 200]);
  for (const route of Object.entries(routes)) expect([route[0], await send(route)]).toEqual([route[0], 429]);
  await expect
    .poll(async () => (await read(limitId)).usage)
    .toMatchObject([{ value: "routes", used: 5, remaining: 0 }]);
});

test("a spent budget and a reached rate are told in the words of OpenAI and of Anthropic", async () => {
  await limitTag("budget", { measure: "cost", window: "month", amount: 0.001 });
  const refused = await chat({}, tagged("budget"));
  expect([refused.status, refused.headers.get("x-should-retry")]).toEqual([429, "false"]);
  expect(await refused.json()).toMatchObject({ error: { code: "insufficient_quota", type: "insufficient_quota" } });
  await limitTag("rate", { measure: "requests", window: "hour", amount: 1 });
  const passed = await chat({}, tagged("rate"));
  expect(passed.headers.get("x-ratelimit-limit-requests")).toBe("1");
  expect(passed.headers.get("x-ratelimit-remaining-requests")).toBe("0");
  const limited = await chat({}, tagged("rate"));
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(3_000);
  expect(await limited.json()).toMatchObject({ error: { code: "rate_limit_exceeded" } });
  const anthropic = await post(
    { model: "scripted/echo", max_tokens: 20, messages },
    { path: "messages", ...tagged("rate") },
  );
  expect(anthropic.headers.get("anthropic-ratelimit-requests-remaining")).toBe("0");
  expect(await anthropic.json()).toMatchObject({ type: "error", error: { type: "rate_limit_error" } });
});

test("a call is charged by its usage, and a failed one costs nothing", async () => {
  const { limitId } = await limitTag("usage", { measure: "cost", window: "day", amount: 1 });
  await chat({ max_tokens: 200 }, tagged("usage"));
  await chat({ model: "scripted/error-500" }, tagged("usage"));
  await expect.poll(async () => (await read(limitId)).usage[0]).toMatchObject({ used: 0.02, reserved: 0 });
});

test("an answer that breaks off is charged at least what was reserved", async () => {
  const { limitId } = await limitTag("broken", { measure: "tokens", window: "day", amount: 100_000 });
  const response = await chat({ model: "scripted/broken", stream: true, max_tokens: 500 }, tagged("broken"));
  await response.text();
  await expect.poll(async () => (await read(limitId)).usage[0]?.used).toBeGreaterThan(500);
});

test("a provider at its limit is skipped, and the fallback answers", async () => {
  await makeLimit({ name: "spare", measure: "requests", window: "day", amount: 1, scope: "provider", value: "spare" });
  const fallback = { headers: { "x-treadle-fallback": "scripted/echo" } };
  const model = async () => (await chat({ model: "spare/echo" }, fallback)).headers.get("x-treadle-model");
  expect([await model(), await model()]).toEqual(["spare/echo", "scripted/echo"]);
  expect((await chat({ model: "spare/echo" })).status).toBe(429);
});

test("concurrency counts the calls that run, and frees a place when the caller disconnects", async () => {
  await limitTag("busy", { measure: "concurrency", amount: 1 });
  const leaving = new AbortController();
  const first = fetch(`${treadle.url}/v1/chat/completions`, {
    method: "POST",
    signal: leaving.signal,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${treadle.apiKey}`,
      "x-treadle-tags": "busy",
    },
    body: JSON.stringify({ model: "scripted/slow", messages }),
  });
  await expect.poll(() => provider.waiting.length).toBe(1);
  expect((await chat({}, tagged("busy"))).status).toBe(429);
  leaving.abort();
  await expect(first).rejects.toThrow();
  await expect.poll(async () => (await chat({}, tagged("busy"))).status).toBe(200);
  provider.release();
});

const sendFive = (tag: string) => Array.from({ length: 5 }, () => chat({ model: "scripted/slow" }, tagged(tag)));
const statusesOf = (responses: readonly Response[]) => responses.map(({ status }) => status).toSorted();

test("with a queue, five calls at the same time are answered one after another", async () => {
  const { limitId } = await limitTag("queued", { measure: "concurrency", amount: 1, queueSeconds: 10 });
  const calls = sendFive("queued");
  await expect.poll(async () => (await read(limitId)).usage[0]?.waiting).toBe(4);
  const releasing = setInterval(provider.release, 10);
  const responses = await Promise.all(calls);
  clearInterval(releasing);
  expect(statusesOf(responses)).toEqual([200, 200, 200, 200, 200]);
  const [waited, ...others] = responses.filter(({ headers }) => headers.get("server-timing")?.includes("queue;dur="));
  expect(others).toHaveLength(3);
  const traceId = waited?.headers.get("x-treadle-trace-id") ?? "";
  const spanId = waited?.headers.get("x-treadle-span-id") ?? "";
  const readSpan = () => call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId, spanId } });
  await expect
    .poll(async () => (await readSpan().catch(() => null))?.attributes["treadle.limit.waited_ms"], { timeout: 10_000 })
    .toBeGreaterThan(0);
});

test("without a queue, four of five calls at the same time are rejected", async () => {
  await limitTag("unqueued", { measure: "concurrency", amount: 1 });
  let answered = 0;
  const calls = sendFive("unqueued").map(async (response) => {
    await response;
    answered += 1;
    return response;
  });
  await expect.poll(() => answered).toBe(4);
  provider.release();
  expect(statusesOf(await Promise.all(calls))).toEqual([200, 429, 429, 429, 429]);
});

test("a new budget includes what was spent before, and a corrected price can be counted again", async () => {
  await chat({}, tagged("early"));
  const { limitId } = await limitTag("early", { measure: "cost", window: "month", amount: 1 });
  await expect
    .poll(async () => (await call("POST /api/v1/limits/:limitId/recompute", { params: { limitId } })).usage[0]?.used)
    .toBeCloseTo(0.02, 9);
  const price = { provider: "vllm", model: "echo", inputUsdPerMillion: 500, outputUsdPerMillion: 500 };
  await call("POST /api/v1/model-prices", { body: price });
  const { usage } = await call("POST /api/v1/limits/:limitId/recompute", { params: { limitId } });
  expect(usage[0]?.used).toBeCloseTo(0.01, 9);
  const report = await call("GET /api/v1/spend", { query: { by: "tag" } });
  expect(report.groups.find(({ value }) => value === "early")).toMatchObject({ requests: 1, costUsd: 0.02 });
});

test("an API key calls only the models of its list, and stops when it expires", async () => {
  const create = (body: { name: string; models?: string[]; expiresAt?: string }) =>
    call("POST /api/v1/api-keys", { body: { permissions: ["gateway:use", "keys:write"], ...body } });
  const { key } = await create({ name: "narrow", models: ["scripted/e*"] });
  expect((await chat({}, { key })).status).toBe(200);
  expect((await chat({ model: "spare/echo" }, { key })).status).toBe(403);
  expect((await chat({}, { key, headers: { "x-treadle-fallback": "spare/echo" } })).status).toBe(403);
  const narrow = createClient({ baseUrl: treadle.url, apiKey: key });
  const wider = { name: "wider", permissions: ["gateway:use" as const], models: ["*"] };
  await expect(narrow.call("POST /api/v1/api-keys", { body: wider })).rejects.toMatchObject({ code: "forbidden" });
  const brief = await create({ name: "brief", expiresAt: new Date(Date.now() + 1_500).toISOString() });
  expect((await chat({}, { key: brief.key })).status).toBe(200);
  await expect.poll(async () => (await chat({}, { key: brief.key })).status, { timeout: 5_000 }).toBe(401);
});

test("settings that do not fit together are rejected with the field", async () => {
  const wrong = [
    [{ measure: "requests" }, "window"],
    [{ measure: "concurrency", window: "day" }, "window"],
    [{ measure: "requests", window: "day", burst: 5 }, "burst"],
    [{ measure: "requests", window: "day", value: "x" }, "value"],
    [{ measure: "requests", window: "day", timeZone: "Mars/Olympus" }, "timeZone"],
    [{ measure: "requests", window: "hour", queueSeconds: 5 }, "queueSeconds"],
    [{ measure: "cost", window: "day", unknownPrice: "default" }, "defaultPriceUsdPerMillion"],
  ] as const;
  for (const [settings, param] of wrong)
    await expect(
      call("POST /api/v1/limits", { body: { name: "wrong", amount: 10, ...settings } }),
    ).rejects.toMatchObject({ code: "invalid_request", details: { param } });
});
