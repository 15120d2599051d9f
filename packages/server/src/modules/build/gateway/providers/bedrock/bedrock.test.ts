import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Upstream } from "../provider.ts";
import { bedrock, createBedrock } from "./bedrock.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/bedrock/${name}`, import.meta.url));
const asked = { model: "asked", now: 1_764_031_234_567, includeUsage: true };
const CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const upstream: Upstream = {
  baseUrl: "https://bedrock-runtime.us-east-1.amazonaws.com",
  preset: "bedrock",
  key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  model: CLAUDE,
  region: "us-east-1",
  apiVersion: null,
  accessKeyId: "AKIDEXAMPLE",
  headers: {},
  hasStreamUsage: false,
};
const hello = [{ role: "user", content: "Hello" }];

test("a call is signed for Bedrock, with the body's hash and a session's token", async () => {
  const fixed = createBedrock(() => Date.UTC(2025, 0, 2, 3, 4, 5));
  const request = await fixed.chatRequest(
    { ...upstream, key: `${upstream.key}:token` },
    { model: "x", messages: hello },
  );
  expect(request.url).toBe(
    "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse",
  );
  expect(request.headers).toMatchObject({
    "x-amz-date": "20250102T030405Z",
    "x-amz-security-token": "token",
    "x-amz-content-sha256": expect.stringMatching(/^[0-9a-f]{64}$/),
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20250102\/us-east-1\/bedrock\/aws4_request, SignedHeaders=accept;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, /,
    ),
  });
  const again = await fixed.chatRequest(upstream, { model: "x", messages: hello });
  expect(again.headers.authorization).not.toBe(request.headers.authorization);
});

test("without an access key id the key is sent as a Bedrock API key", async () => {
  const request = await bedrock.chatRequest(
    { ...upstream, accessKeyId: null, key: "bedrock-api-key" },
    { model: "x", messages: hello, stream: true },
  );
  expect(request.url).toMatch(/\/converse-stream$/);
  expect(request.headers).toEqual({
    authorization: "Bearer bedrock-api-key",
    "content-type": "application/json",
    accept: "application/vnd.amazon.eventstream",
  });
});

test("the region can be in the address; without one, an error is reported", async () => {
  const request = await bedrock.modelsRequest({
    ...upstream,
    region: null,
    baseUrl: "https://bedrock-runtime.eu-central-1.amazonaws.com",
  });
  expect(request.url).toBe("https://bedrock.eu-central-1.amazonaws.com/foundation-models");
  expect(request.headers.authorization).toContain("/eu-central-1/bedrock/");
  await expect(
    bedrock.modelsRequest({ ...upstream, region: null, baseUrl: "https://proxy.example" }),
  ).rejects.toMatchObject({ code: "unprocessable" });
});

test("an answer is read, with cached and cache-written tokens as input", () => {
  expect(bedrock.readChat(fixture("converse.json"), asked)).toMatchObject({
    id: expect.stringMatching(/^chatcmpl_/),
    model: "asked",
    choices: [{ message: { content: "Paris." }, finish_reason: "stop" }],
    usage: {
      prompt_tokens: 1_642,
      completion_tokens: 4,
      total_tokens: 1_646,
      prompt_tokens_details: { cached_tokens: 1_500, cache_write_tokens: 112 },
    },
  });
});

test("calls and thoughts are read", () => {
  expect(bedrock.readChat(fixture("converse-tools.json"), asked).choices[0]).toMatchObject({
    finish_reason: "tool_calls",
    message: {
      content: "Looking.",
      reasoning_content: "Two calls.",
      reasoning_details: [
        { type: "reasoning.text", text: "Two calls.", signature: "EqoBCkgIARAB" },
        { type: "reasoning.encrypted", data: "c2VjcmV0" },
      ],
      tool_calls: [
        { id: "tooluse_kZJMlvQmRJ6eAyJE5GIl7Q", function: { name: "get_weather", arguments: '{"city":"Paris"}' } },
        { function: { name: "get_time", arguments: "{}" } },
      ],
    },
  });
});

test.each([
  ["guardrail_intervened", "content_filter"],
  ["content_filtered", "content_filter"],
  ["model_context_window_exceeded", "length"],
  ["max_tokens", "length"],
  ["something_new", "stop"],
])("stop reason %s is %s", (reason, finish) => {
  const body = { output: { message: { content: [{ text: "x" }] } }, stopReason: reason, usage: {} };
  expect(bedrock.readChat(Buffer.from(JSON.stringify(body)), asked).choices[0]?.finish_reason).toBe(finish);
});

test("a 200 that holds no message is an error", () => {
  expect(() => bedrock.readChat(fixture("error.json"), asked)).toThrow(/model identifier is invalid/);
  expect(() =>
    bedrock.readChat(Buffer.from('{"output":{"message":{"content":[]}},"stopReason":"malformed_tool_use"}'), asked),
  ).toThrow(/malformed_tool_use/);
});

test("refusals are repeated in Amazon's words", () => {
  expect(bedrock.readError(400, fixture("error.json"))).toEqual({
    message: "The provided model identifier is invalid.",
    type: null,
    code: null,
  });
  expect(
    bedrock.readError(
      403,
      Buffer.from('{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"No access"}'),
    ),
  ).toEqual({ message: "No access", type: "AccessDeniedException", code: null });
});

test("models are listed by the names they can be called by", () => {
  expect(bedrock.readModels(fixture("models.json"))).toEqual([
    "amazon.titan-embed-text-v2:0",
    "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
  ]);
});

test("Titan and Cohere embed through InvokeModel", async () => {
  const titan = await bedrock.embeddingRequest?.(
    { ...upstream, model: "amazon.titan-embed-text-v2:0" },
    { model: "x", input: "a", dimensions: 256 },
  );
  expect(titan?.url).toMatch(/titan-embed-text-v2%3A0\/invoke$/);
  expect(JSON.parse(String(titan?.body))).toEqual({ inputText: "a", dimensions: 256, normalize: true });
  const cohere = await bedrock.embeddingRequest?.(
    { ...upstream, model: "cohere.embed-multilingual-v3" },
    { model: "x", input: ["a", "b"] },
  );
  expect(JSON.parse(String(cohere?.body))).toEqual({
    texts: ["a", "b"],
    input_type: "search_document",
    embedding_types: ["float"],
  });
  const request = { model: "x", input: "a" };
  expect(bedrock.readEmbeddings?.(fixture("titan.json"), { model: "t", request })).toMatchObject({
    data: [{ embedding: [0.5, 0.25] }],
    usage: { prompt_tokens: 3 },
  });
  expect(bedrock.readEmbeddings?.(fixture("cohere.json"), { model: "c", request })).toMatchObject({
    data: [
      { index: 0, embedding: [0.5, 0.25] },
      { index: 1, embedding: [1, 0] },
    ],
  });
});

test.each([
  ["amazon.titan-embed-text-v2:0", ["a", "b"], "input"],
  ["meta.llama3-1-8b-instruct-v1:0", "a", "model"],
])("an embedding that %s cannot make is refused", async (model, input, param) => {
  await expect(async () =>
    bedrock.embeddingRequest?.({ ...upstream, model }, { model: "x", input }),
  ).rejects.toMatchObject({ code: "unprocessable", details: { param } });
});

test("tokens are counted over the whole request", async () => {
  const request = await bedrock.countTokensRequest?.(upstream, { messages: hello, system: "Be brief." });
  expect(request?.url).toMatch(/\/count-tokens$/);
  expect(JSON.parse(String(request?.body))).toEqual({
    input: {
      converse: { system: [{ text: "Be brief." }], messages: [{ role: "user", content: [{ text: "Hello" }] }] },
    },
  });
  expect(bedrock.readTokenCount?.(Buffer.from('{"inputTokens": 9}'))).toBe(9);
});
