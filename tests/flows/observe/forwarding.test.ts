import { once } from "node:events";
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../../compat/world.ts";

type Attribute = { key: string; value: Record<string, unknown> };
type Received = { name: string; traceId: string; spanId: string; parentSpanId?: string; attributes: Attribute[] };

let world: World;
let url: string;
let answer: (spans: Received[]) => { status: number; body?: string; headers?: Record<string, string> };
const received: { spans: Received[]; headers: Record<string, unknown>; service: unknown }[] = [];

/** A receiver whose response the test sets. */
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { resourceSpans } = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString());
  const spans: Received[] = resourceSpans.flatMap((one: { scopeSpans: { spans: Received[] }[] }) =>
    one.scopeSpans.flatMap((scope) => scope.spans),
  );
  const { status, body = "{}", headers = {} } = answer(spans);
  if (status === 200) received.push({ spans, headers: request.headers, service: resourceSpans[0].resource });
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
});

beforeAll(async () => {
  world = await openWorld({ withLocalModel: false });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1/traces`;
});
beforeEach(() => {
  received.length = 0;
  answer = () => ({ status: 200 });
});
afterAll(async () => {
  receiver.close();
  await world?.close();
});

let count = 0;
const makeSpan = <More extends object>(more: More) => ({
  traceId: (++count).toString(16).padStart(32, "a"),
  spanId: count.toString(16).padStart(16, "b"),
  name: "step",
  startTime: new Date().toISOString(),
  durationMs: 5,
  ...more,
});
const send = (spans: ReturnType<typeof makeSpan<object>>[]) => world.call("POST /api/v1/spans", { body: { spans } });
const create = (more: object = {}) =>
  world.call("POST /api/v1/forwarders", { body: { name: "collector", url, ...more } });
const drop = (forwarderId: string) => world.call("DELETE /api/v1/forwarders/:forwarderId", { params: { forwarderId } });
const find = async (id: string) =>
  (await world.call("GET /api/v1/forwarders")).items.find(({ forwarderId }) => forwarderId === id);
const spansNamed = (name: string) => received.flatMap(({ spans }) => spans).filter((span) => span.name === name);
const attribute = (span: Received | undefined, key: string) =>
  Object.values(span?.attributes.find((one) => one.key === key)?.value ?? {})[0];

test("spans go on as OpenTelemetry's, with the receiver's headers, once each, and are counted", async () => {
  const { forwarderId: id } = await create({ headers: { authorization: "Bearer their-key" } });
  const generation = makeSpan({
    name: "chat gpt-4o",
    kind: "generation",
    requestModel: "gpt-4o",
    provider: "openai",
    service: "shop",
    userId: "ada",
    sessionId: "s1",
    inputTokens: 9,
    outputTokens: 4,
    costUsd: 0.25,
    input: [{ role: "user", parts: [{ type: "text", content: "hi" }] }],
    attributes: { "http.route": "/chat", depth: 3 },
  });
  await send([generation]);
  await expect.poll(() => spansNamed("chat gpt-4o").length, { timeout: 30_000 }).toBe(1);
  const [span] = spansNamed("chat gpt-4o");
  expect(span).toMatchObject({ traceId: generation.traceId, spanId: generation.spanId });
  expect(attribute(span, "gen_ai.request.model")).toBe("gpt-4o");
  expect(attribute(span, "gen_ai.usage.input_tokens")).toBe("9");
  expect(attribute(span, "user.id")).toBe("ada");
  expect(attribute(span, "http.route")).toBe("/chat");
  expect(JSON.parse(String(attribute(span, "gen_ai.input.messages")))).toEqual(generation.input);
  expect(received.at(-1)?.headers.authorization).toBe("Bearer their-key");
  expect(JSON.stringify(received.at(-1)?.service)).toContain("shop");
  await expect.poll(async () => (await find(id))?.sentSpans, { timeout: 10_000 }).toBe(1);
  expect(JSON.stringify(await find(id))).not.toContain("their-key");
  await drop(id);
});

test("only what the filter keeps goes on, without its content when that is not wanted", async () => {
  const { forwarderId: id } = await create({ filter: "kind:generation", includesContent: false });
  await send([
    makeSpan({ name: "not this" }),
    makeSpan({ name: "secret call", kind: "generation", input: "private words", output: "more of them" }),
  ]);
  await expect.poll(() => spansNamed("secret call").length, { timeout: 30_000 }).toBe(1);
  expect(spansNamed("not this")).toEqual([]);
  expect(JSON.stringify(received)).not.toMatch(/private words|more of them/);
  await drop(id);
});

test("an unavailable receiver gets the spans later, and its Retry-After is respected", async () => {
  answer = () => ({ status: 503, body: "down for a moment", headers: { "retry-after": "1" } });
  const { forwarderId: id } = await create();
  await send([makeSpan({ name: "patient" })]);
  await expect.poll(async () => (await find(id))?.lastError, { timeout: 30_000 }).toContain("503");
  expect((await find(id))?.sentSpans).toBe(0);
  answer = () => ({ status: 200 });
  await expect.poll(() => spansNamed("patient").length, { timeout: 30_000 }).toBe(1);
  await expect.poll(async () => (await find(id))?.lastError, { timeout: 10_000 }).toBe("");
  await drop(id);
});

test("of a batch with a span that the receiver refuses, all others arrive", async () => {
  answer = (spans) =>
    spans.some(({ name }) => name === "bad") ? { status: 400, body: "no bad spans" } : { status: 200 };
  const { forwarderId: id } = await create();
  await send([1, 2, 3, 4, 5].map((number) => makeSpan({ name: number === 3 ? "bad" : `good ${number}` })));
  await expect.poll(async () => (await find(id))?.refusedSpans, { timeout: 30_000 }).toBe(1);
  expect((await find(id))?.sentSpans).toBe(4);
  expect((await find(id))?.lastError).toContain("no bad spans");
  await drop(id);
});

test("what came in from another forwarder does not go round in circles", async () => {
  const { forwarderId: id } = await create();
  await send([makeSpan({ name: "echo", attributes: { "treadle.forwarded": true } }), makeSpan({ name: "own" })]);
  await expect.poll(() => spansNamed("own").length, { timeout: 30_000 }).toBe(1);
  expect(spansNamed("echo")).toEqual([]);
  await drop(id);
});

test("the test button says what the receiver says; a new host loses the old headers", async () => {
  const { forwarderId: id } = await create({ headers: { "x-key": "their-key" } });
  const params = { forwarderId: id };
  expect(await world.call("POST /api/v1/forwarders/:forwarderId/test", { params })).toMatchObject({ isTaken: true });
  answer = () => ({ status: 401, body: "who are you" });
  expect(await world.call("POST /api/v1/forwarders/:forwarderId/test", { params })).toMatchObject({
    isTaken: false,
    message: expect.stringContaining("who are you"),
  });
  const moved = await world.call("PATCH /api/v1/forwarders/:forwarderId", {
    params,
    body: { url: "http://127.0.0.1:1/v1/traces" },
  });
  expect(moved.headerNames).toEqual([]);
  await drop(id);
});

test.each([
  [{ url: "collector" }, "body.url"],
  [{ url: "file:///etc/passwd" }, "body.url"],
  [{ url: "http://169.254.169.254/v1/traces" }, "169.254.169.254"],
  [{ headers: { "content-length": "1" } }, "content-length"],
  [{ headers: { "x y": "1" } }, "header name"],
  [{ filter: "latency>" }, "filter"],
])("a forwarder that cannot work is refused in words (%#)", async (more, words) => {
  await expect(create(more)).rejects.toThrow(words);
});
