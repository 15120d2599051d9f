import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import {
  type JsonSpan,
  jsonSpan,
  jsonTraces,
} from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { tracesToProtobuf } from "../../../packages/server/src/modules/observe/traces/otlp/testing/to-protobuf.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let provider: ScriptedProvider;
let call: Client["call"];

beforeAll(async () => {
  provider = await startScriptedProvider();
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  const { baseUrl } = provider;
  const keys = [{ value: "sk-a" }];
  await call("POST /api/v1/connections", {
    body: { slug: "scripted", preset: "vllm", baseUrl, models: ["echo-1"], maxRetries: 0, keys },
  });
  const price = { provider: "*", model: "echo-1", inputUsdPerMillion: 1_000, outputUsdPerMillion: 2_000 };
  await call("POST /api/v1/model-prices", { body: price });
});
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
});

const send = (path: string, body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string>) =>
  fetch(`${treadle.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, ...headers },
    body,
  });

/** Calls the gateway, then sends the spans of an instrumented client: the call, and the request inside it. */
async function callAndReport(traceId: string, usage: object) {
  const [chat, request] = [jsonSpan({ traceId }), jsonSpan({ traceId })] as [JsonSpan, JsonSpan];
  const asked = { model: "scripted/echo-1", messages: [{ role: "user", content: "hello there" }] };
  const answer = await send("/v1/chat/completions", JSON.stringify(asked), {
    "content-type": "application/json",
    traceparent: `00-${traceId}-${request.spanId}-01`,
  });
  expect(answer.status).toBe(200);
  const attributes = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "scripted/echo-1", ...usage };
  const spans = [
    jsonSpan({ ...request, parentSpanId: chat.spanId, name: "POST", kind: 3, attributes: {} }),
    jsonSpan({ ...chat, name: "chat scripted/echo-1", attributes }),
  ];
  const body = new Uint8Array(tracesToProtobuf(jsonTraces(spans)));
  expect((await send("/v1/traces", body, { "content-type": "application/x-protobuf" })).status).toBe(200);
}

const counted = { "gen_ai.usage.input_tokens": 11, "gen_ai.usage.output_tokens": 7 };

test.each([
  ["as an instrumented client counts it", "a".repeat(32), counted],
  ["when the client counts nothing, as of a stream", "b".repeat(32), {}],
])("a call that both a client and the gateway record is counted and paid once, %s", async (_, traceId, usage) => {
  await callAndReport(traceId, usage);
  const summary = async () =>
    (await call("GET /api/v1/traces", { query: {} })).items.find((trace) => trace.traceId === traceId);
  await expect.poll(async () => (await summary())?.spanCount, { timeout: 10_000 }).toBe(3);
  const costUsd = (11 * 1_000 + 7 * 2_000) / 1e6;
  expect(await summary()).toMatchObject({ inputTokens: 11, outputTokens: 7, costUsd: expect.closeTo(costUsd, 9) });
  const { columns } = await call("GET /api/v1/traces/:traceId/outline", { params: { traceId } });
  expect([...columns.kind].sort()).toEqual(["chain", "generation", "span"]);
  const sql = `SELECT count() FROM spans WHERE trace_id = '${traceId}' AND kind = 'generation'`;
  expect((await call("POST /api/v1/sql", { body: { sql } })).rows).toEqual([[1]]);
});

test("a call that the client alone records is counted where it is", async () => {
  const traceId = "c".repeat(32);
  const chat = jsonSpan({ traceId, attributes: { "gen_ai.operation.name": "chat", ...counted } });
  const body = new Uint8Array(tracesToProtobuf(jsonTraces([chat])));
  expect((await send("/v1/traces", body, { "content-type": "application/x-protobuf" })).status).toBe(200);
  const summary = async () =>
    (await call("GET /api/v1/traces", { query: {} })).items.find((trace) => trace.traceId === traceId);
  await expect.poll(async () => (await summary())?.inputTokens, { timeout: 10_000 }).toBe(11);
});
