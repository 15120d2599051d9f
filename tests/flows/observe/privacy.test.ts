import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import {
  attributesOf,
  type JsonSpan,
  jsonLogs,
  jsonSpan,
  jsonTraces,
} from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { tracesToProtobuf } from "../../../packages/server/src/modules/observe/traces/otlp/testing/to-protobuf.ts";
import { openGrpcClient } from "../../../packages/server/src/platform/grpc/testing/call-grpc.ts";
import { filesBelow, filesWithPlanted, plant, rowsWithPlanted } from "../../setup/planted-values.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

const SPANS_A_WAY = 250;
const SPANS_A_REQUEST = 50;
const GATEWAY_CALLS = 30;
const ENV = { TREADLE_SAMPLE_DATA: "false", TREADLE_OTLP_GRPC_PORT: "0" };
const GRPC_TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const PATIENCE = { timeout: 60_000, interval: 100 };
const dataFolder = mkdtempSync(join(tmpdir(), "treadle-privacy-"));

let treadle: RunningTreadle;
let provider: ScriptedProvider;
let call: Client["call"];
let headers: { readonly authorization: string };
let planted = 0;

async function start(): Promise<void> {
  treadle = await startTreadle({ dataFolder, env: ENV });
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  headers = { authorization: `Bearer ${treadle.apiKey}` };
}

beforeAll(async () => {
  provider = await startScriptedProvider();
  await start();
});
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

const text = () => {
  const { email, card, token } = plant(planted++);
  return `Mail ${email}, card ${card}, key ${token}.`;
};
const base64 = () => Buffer.from(`Please write to ${plant(planted++).email} today.`).toString("base64");

/** Kinds of spans, with planted values in all their fields. */
const MAKE: readonly (() => JsonSpan)[] = [
  () =>
    jsonSpan({
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "m",
        "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: text() }]),
        "gen_ai.input.messages": JSON.stringify([
          { role: "user", parts: [{ type: "text", content: text() }, ...splitParts()] },
          { role: "tool", parts: [{ type: "tool_call_response", id: "c", response: { text: text() } }] },
        ]),
        "gen_ai.output.messages": JSON.stringify([
          {
            role: "assistant",
            parts: [
              { type: "tool_call", id: "c", name: "send", arguments: { to: text(), [plant(planted++).email]: 1 } },
            ],
          },
        ]),
        "gen_ai.request.stop_sequences": [text()],
      },
    }),
  () =>
    jsonSpan({
      name: text(),
      attributes: {
        "user.id": plant(planted++).email,
        "session.id": `session of ${plant(planted++).email}`,
        [`note.${plant(planted++).email}`]: text(),
        list: [text(), { deep: text() }],
        json: JSON.stringify({ deep: [text()] }).replace(/@/g, "\\u0040"),
        number: Number(plant(planted++).card),
        encoded: base64(),
        "tag.tags": [text()],
        "langfuse.trace.metadata.note": text(),
      },
    }),
  () =>
    jsonSpan({
      attributes: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.call.arguments": JSON.stringify({ to: text() }),
        "gen_ai.tool.call.result": text(),
      },
      traceState: `vendor=${plant(planted++).email}`,
      status: { code: 2, message: text() },
      events: [
        { name: text(), attributes: attributesOf({ note: text() }) },
        { name: "exception", attributes: attributesOf({ "exception.type": "E", "exception.message": text() }) },
      ],
      links: [{ traceId: "1".repeat(32), spanId: "2".repeat(16), attributes: attributesOf({ note: text() }) }],
    }),
  () =>
    jsonSpan({
      attributes: {
        "openinference.span.kind": "LLM",
        "input.value": text(),
        "output.value": text(),
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": text(),
        "llm.output_messages.0.message.content": text(),
        metadata: JSON.stringify({ customer: text() }),
        "annotation.name": "quality",
        "annotation.score": 1,
        "annotation.explanation": text(),
      },
    }),
];

/** A value whose halves are in two parts of a message. */
function splitParts() {
  const { email } = plant(planted++);
  return [` ${email.slice(0, 12)}`, email.slice(12)].map((content) => ({ type: "text", content }));
}

const makeSpans = (count: number) => Array.from({ length: count }, (_, at) => (MAKE[at % MAKE.length] ?? jsonSpan)());
const requests = (count: number) =>
  Array.from({ length: count / SPANS_A_REQUEST }, () => {
    const spans = makeSpans(SPANS_A_REQUEST);
    return { spans, body: jsonTraces(spans, { "service.name": text(), "host.note": text() }) };
  });

async function post(path: string, body: Buffer | string, type: string): Promise<void> {
  const response = await fetch(`${treadle.url}${path}`, {
    method: "POST",
    headers: { ...headers, "content-type": type },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  expect([response.status, (await response.text()).slice(0, 300)]).toEqual([200, expect.stringMatching(/^(\{\})?$/)]);
}
const sendProtobuf = (body: ReturnType<typeof jsonTraces>) =>
  post("/v1/traces", tracesToProtobuf(body), "application/x-protobuf");

const countSpans = async () => {
  const { rows } = await call("POST /api/v1/sql", { body: { sql: "SELECT count() FROM spans" } });
  return Number(rows[0]?.[0]);
};
const waitForSpans = (count: number) => vi.waitFor(async () => expect(await countSpans()).toBe(count), PATIENCE);
const getSpan = ({ traceId = "", spanId = "" }: { traceId?: string; spanId?: string }) =>
  vi.waitFor(() => call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId, spanId } }), PATIENCE);

test("without settings content is stored as it was sent", async () => {
  expect(await call("GET /api/v1/privacy")).toMatchObject({ isEnabled: false, contentShare: 1, version: 0 });
  const span = jsonSpan({ attributes: { note: "Mail ada@example.net" } });
  await sendProtobuf(jsonTraces([span]));
  expect((await getSpan(span)).attributes.note).toBe("Mail ada@example.net");
});

test("settings that cannot work are rejected with what is wrong", async () => {
  const save = (body: object) => call("PUT /api/v1/privacy", { body: { isEnabled: true, ...body } });
  await expect(
    save({ detectors: [{ detector: "patterns", options: { patterns: [{ name: "bad", pattern: "(" }] } }] }),
  ).rejects.toMatchObject({ code: "unprocessable", details: { param: "detectors.0.options" } });
  for (const body of [
    { detectors: [{ detector: "injection" }] },
    { detectors: [{ detector: "secrets" }, { detector: "secrets" }] },
    { fields: [] },
    { fields: ["bodies"] },
    { contentShare: 2 },
    { replacement: "encrypt" },
  ])
    await expect(save(body)).rejects.toMatchObject({ code: "invalid_request" });
  expect((await call("GET /api/v1/privacy")).version).toBe(0);
});

test("a change applies to what arrives afterwards, and is audited", async () => {
  const saved = await call("PUT /api/v1/privacy", { body: { isEnabled: true } });
  expect(saved).toMatchObject({ isEnabled: true, version: 1, replacement: "redact", failure: "withhold" });
  const { items } = await call("GET /api/v1/audit-entries", { query: { limit: 5 } });
  expect(items[0]).toMatchObject({ action: "privacy.update", details: { isEnabled: true, version: 1 } });
});

test("spans of OTLP over HTTP and gRPC are redacted in every field", async () => {
  const before = await countSpans();
  for (const { body } of requests(SPANS_A_WAY)) await sendProtobuf(body);
  for (const { body } of requests(SPANS_A_WAY)) await post("/v1/traces", JSON.stringify(body), "application/json");
  const grpc = openGrpcClient(Number(new URL(treadle.grpcUrl).port));
  for (const { body } of requests(SPANS_A_WAY)) {
    const { code } = await grpc.call(GRPC_TRACES, tracesToProtobuf(body), { headers });
    expect(code).toBe("OK");
  }
  grpc.close();
  await waitForSpans(before + 3 * SPANS_A_WAY);
});

test("a redacted span shows kinds instead of values, and how many there were", async () => {
  const spans = MAKE.map((make) => make());
  await sendProtobuf(jsonTraces(spans));
  const [chat, plain, tool] = await Promise.all(spans.map(getSpan));
  expect(chat?.input).toMatchObject([
    { role: "system" },
    {
      parts: [
        { content: "Mail [EMAIL], card [CARD], key [GITHUB_TOKEN]." },
        { content: " [EMAIL]" },
        { content: "[EMAIL]" },
      ],
    },
    { parts: [{ response: { text: "Mail [EMAIL], card [CARD], key [GITHUB_TOKEN]." } }] },
  ]);
  expect(chat?.output).toMatchObject([{ parts: [{ name: "send", arguments: { "[EMAIL]": 1 } }] }]);
  expect(chat?.attributes["treadle.privacy.count.card"]).toBe(5);
  expect(JSON.stringify(chat?.attributes["treadle.privacy.offsets"])).toMatch(/"kind":"card","field":"tool-arguments"/);
  // Ids are hashed, so that two people stay two.
  expect(plain?.userId).toMatch(/^\[EMAIL_[0-9a-f]{16}\]$/);
  expect(plain?.attributes.number).toBe("[CARD]");
  expect(plain?.attributes.encoded).toMatch(/^\[EMAIL\]/);
  expect(tool).toMatchObject({ status: "error", output: "Mail [EMAIL], card [CARD], key [GITHUB_TOKEN]." });
});

test("spans of the API, logs, scores and feedback are redacted", async () => {
  const before = await countSpans();
  const spans = makeSpans(SPANS_A_WAY - GATEWAY_CALLS).map(({ traceId = "", spanId = "" }) => ({
    traceId,
    spanId,
    name: text(),
    startTime: new Date().toISOString(),
    durationMs: 1,
    userId: plant(planted++).email,
    tags: [text()],
    metadata: { [plant(planted++).email]: text() },
    parameters: { stop: [text()] },
    input: text(),
    output: { answer: text() },
    errorMessage: text(),
    attributes: { note: text() },
    events: [{ name: "e", time: new Date().toISOString(), attributes: { note: text() } }],
  }));
  for (let from = 0; from < spans.length; from += 100)
    await call("POST /api/v1/spans", { body: { spans: spans.slice(from, from + 100) } });
  const [{ traceId, spanId }] = spans as [(typeof spans)[number], ...typeof spans];
  const log = { traceId, spanId, timeUnixNano: String(BigInt(Date.now()) * 1_000_000n) };
  const logs = jsonLogs([
    {
      ...log,
      eventName: "gen_ai.user.message",
      body: { stringValue: text() },
      attributes: attributesOf({ a: text() }),
    },
    {
      ...log,
      eventName: "gen_ai.evaluation.result",
      attributes: attributesOf({
        "gen_ai.evaluation.name": "tone",
        "gen_ai.evaluation.score.value": 1,
        "gen_ai.evaluation.explanation": text(),
      }),
    },
  ]);
  await post("/v1/logs", JSON.stringify(logs), "application/json");
  await call("POST /api/public/scores", { body: { traceId, name: "by-sdk", value: 1, comment: text() } });
  const given = { target: { traceId, spanId }, userId: plant(planted++).email, comment: text(), correction: text() };
  await call("POST /api/v1/feedback", { body: { ...given, name: "helpful", value: true } });
  await waitForSpans(before + spans.length);
  await vi.waitFor(async () => {
    const { items } = await call("GET /api/v1/feedback", { query: { limit: 200 } });
    const comment = "Mail [EMAIL], card [CARD], key [GITHUB_TOKEN].";
    expect(items).toContainEqual(expect.objectContaining({ name: "helpful", comment, correction: comment }));
  }, PATIENCE);
});

test("the caller of the gateway gets the whole answer, and its span is redacted", async () => {
  await call("POST /api/v1/connections", {
    body: { slug: "s", preset: "vllm", baseUrl: provider.baseUrl, models: ["echo-1"], keys: [{ value: "sk-a" }] },
  });
  const before = await countSpans();
  const answers = await Promise.all(
    Array.from({ length: GATEWAY_CALLS }, async (_, at) => {
      const content = text();
      const response = await fetch(`${treadle.url}/v1/chat/completions`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json", "x-treadle-user": plant(planted++).email },
        body: JSON.stringify({ model: "s/echo-1", stream: at % 2 === 1, messages: [{ role: "user", content }] }),
      });
      return { content, body: await response.text(), traceId: response.headers.get("x-treadle-trace-id") ?? "" };
    }),
  );
  const plainAnswer = answers[0];
  expect(plainAnswer?.body).toContain(plainAnswer?.content);
  await waitForSpans(before + GATEWAY_CALLS);
  const { spans } = await call("GET /api/v1/traces/:traceId", { params: { traceId: plainAnswer?.traceId ?? "" } });
  const content = "Mail [EMAIL], card [CARD], key [GITHUB_TOKEN].";
  expect(spans[0]?.input).toMatchObject([{ role: "user", parts: [{ content }] }]);
  expect(spans[0]?.inputTokens).toBeGreaterThan(0);
});

test("a text that is too long to scan is withheld, and a long one that is set aside is redacted", async () => {
  const long = `${"word ".repeat(80_000)}${text()}`;
  const endless = `${"word ".repeat(250_000)}${text()}`;
  const image = `data:image/png;base64,${Buffer.from(text()).toString("base64")}`;
  const span = jsonSpan({ attributes: { long, endless, image } });
  await sendProtobuf(jsonTraces([span]));
  const { attributes } = await getSpan(span);
  expect(attributes).toMatchObject({
    long: expect.stringMatching(/^word word .*treadle-object:/s),
    endless: expect.stringMatching(/^\[withheld: \d+ characters are too many to scan\]$/),
    image: expect.stringMatching(/^\[withheld: image\/png, \d+ characters\]$/),
    "treadle.privacy.withheld.too_long": 1,
    "treadle.privacy.withheld.media": 1,
  });
});

test("spans that were acknowledged before a crash are stored, and nothing that was planted lies on the disk", async () => {
  const before = await countSpans();
  const batches = requests(2 * SPANS_A_REQUEST);
  await Promise.all(batches.map(({ body }) => sendProtobuf(body)));
  await treadle.stop("SIGKILL");
  expect(filesWithPlanted(dataFolder)).toEqual([]);
  await start();
  await waitForSpans(before + 2 * SPANS_A_REQUEST);
});

test("equal values stay comparable with hashes, and only a share of the traces has content", async () => {
  await call("PUT /api/v1/privacy", { body: { isEnabled: true, replacement: "hash", contentShare: 0.5 } });
  const { email } = plant(planted++);
  const spans = Array.from({ length: 30 }, (_, at) =>
    jsonSpan({
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": 7,
        "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: `To ${email}` }] }]),
        note: at % 2 === 0 ? email : email.toUpperCase(),
      },
    }),
  );
  await sendProtobuf(jsonTraces(spans));
  const stored = await Promise.all(spans.map(getSpan));
  const whole = stored.filter(({ input }) => input !== null);
  const bare = stored.filter(({ input }) => input === null);
  expect(whole.length).toBeGreaterThan(3);
  expect(bare.length).toBeGreaterThan(3);
  expect(new Set(whole.map(({ attributes }) => attributes.note)).size).toBe(1);
  expect(whole[0]?.attributes.note).toMatch(/^\[EMAIL_[0-9a-f]{16}\]$/);
  for (const { attributes, inputTokens } of bare) {
    expect([attributes["treadle.privacy.content"], attributes.note, inputTokens]).toEqual([
      "not-sampled",
      undefined,
      7,
    ]);
  }
});

test("nothing that was planted lies in the data folder or in the store", async () => {
  // A value that is not redacted shows that the search finds one.
  await call("PUT /api/v1/privacy", { body: { isEnabled: true, fields: ["inputs"] } });
  const shown = plant(planted++);
  const span = jsonSpan({ attributes: { note: `${shown.email} ${shown.card} ${shown.token}` } });
  await sendProtobuf(jsonTraces([span]));
  await getSpan(span);
  await treadle.stop("SIGTERM");
  expect(filesBelow(dataFolder).length).toBeGreaterThan(10);
  expect(filesWithPlanted(dataFolder, shown)).toEqual([]);
  const rows = await rowsWithPlanted(join(dataFolder, "columnar"));
  expect(Object.keys(rows)).toEqual(expect.arrayContaining(["spans", "scores", "span_contents", "feedback"]));
  expect(Object.entries(rows).flatMap(([table, lines]) => lines.map((line) => `${table} ${line}`))).toEqual([
    expect.stringContaining(span.spanId ?? ""),
  ]);
  expect(planted).toBeGreaterThan(5_000);
});
