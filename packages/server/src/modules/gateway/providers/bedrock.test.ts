import { readFileSync } from "node:fs";
import { EventStreamCodec } from "@smithy/eventstream-codec";
import type { ChatRequest } from "@treadle/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bedrock, createBedrock } from "./bedrock.ts";
import { toConverseBody } from "./bedrock-request.ts";
import { signAws } from "./bedrock-sign.ts";
import type { ChatChunk, Upstream } from "./provider.ts";

const fixture = (name: string) => readFileSync(new URL(`../fixtures/bedrock/${name}`, import.meta.url));
const asked = { model: "asked", now: 1_764_031_234_567, includeUsage: true };
const CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const NOVA = "amazon.nova-lite-v1:0";
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
const ask = (request: Partial<ChatRequest>, model = CLAUDE) =>
  toConverseBody(model, { model: "x", messages: hello, ...request });
const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Now",
    parameters: { type: "object", properties: { city: { type: "string" } } },
  },
};

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);
const frame = (headers: Record<string, string>, value: unknown) =>
  Buffer.from(
    codec.encode({
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, { type: "string", value: text }]),
      ),
      body: Buffer.from(JSON.stringify(value)),
    }),
  );
const event = (type: string, value: unknown) =>
  frame({ ":message-type": "event", ":event-type": type, ":content-type": "application/json" }, value);
const events: [string, unknown][] = JSON.parse(fixture("stream.json").toString());
const whole = Buffer.concat(events.map(([type, value]) => event(type, value)));

function stream(bytes: Buffer, cuts: readonly number[] = []): ChatChunk[] {
  const reader = bedrock.streamReader(asked);
  const ends = [...new Set(cuts.map((place) => place % bytes.length))].sort((a, b) => a - b);
  const pieces = [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}
const choices = (chunks: ChatChunk[]) =>
  chunks.flatMap((chunk) => chunk.choices.map(({ delta, finish_reason }) => ({ delta, finish_reason })));

// The values that AWS publishes with its Signature Version 4 test suite, and the worked example of its General Reference.
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const signing = { credentials, region: "us-east-1", service: "service", now: new Date("2015-08-30T12:36:00Z") };
test.each([
  [
    "get-vanilla",
    { method: "GET", url: "https://example.amazonaws.com/", headers: {}, body: "" },
    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  ],
  [
    "get-vanilla-query-order-key-case",
    { method: "GET", url: "https://example.amazonaws.com/?Param2=value2&Param1=value1", headers: {}, body: "" },
    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  ],
  [
    "post-vanilla",
    { method: "POST", url: "https://example.amazonaws.com/", headers: {}, body: "" },
    "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  ],
])("a request is signed as in AWS's test suite: %s", async (_, request, signature) => {
  const headers = await signAws(request, signing);
  expect(headers.authorization).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  );
});

test("a request is signed as in AWS's worked example", async () => {
  const request = {
    method: "GET",
    url: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    body: "",
  };
  const headers = await signAws(request, { ...signing, service: "iam" });
  expect(headers.authorization).toMatch(
    /SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7$/,
  );
});

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

test("the region may stand in the address; without any the connection is told so", async () => {
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

test("a conversation is translated: system and cache points, media, calls and their results", () => {
  const { body, warnings } = ask({
    messages: [
      { role: "system", content: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }] },
      {
        role: "user",
        content: [
          { type: "text", text: "See" },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBOR" } },
          { type: "image_url", image_url: { url: "s3://bucket/a.jpeg" } },
          { type: "file", file: { file_data: "data:application/pdf;base64,JVBE", filename: "a_b.pdf" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        reasoning_details: [{ type: "reasoning.text", text: "Hm.", signature: "sig", format: "anthropic-claude-v1" }],
        tool_calls: [{ id: "c:1", type: "function", function: { name: "get_weather", arguments: '{"city":"Paris"}' } }],
      },
      { role: "tool", tool_call_id: "c:1", content: '{"sky":"grey"}' },
      { role: "user", content: "So?" },
    ],
    tools: [weather],
    tool_choice: { type: "function", function: { name: "get_weather" } },
    max_tokens: 100,
    temperature: 0.5,
    stop: "END",
    top_k: 5,
  });
  expect(warnings).toEqual([]);
  expect(body).toEqual({
    system: [{ text: "Be brief." }, { cachePoint: { type: "default" } }],
    messages: [
      {
        role: "user",
        content: [
          { text: "See" },
          { image: { format: "png", source: { bytes: "iVBOR" } } },
          { image: { format: "jpeg", source: { s3Location: { uri: "s3://bucket/a.jpeg" } } } },
          { document: { format: "pdf", name: "a-b-pdf 1-3", source: { bytes: "JVBE" } } },
        ],
      },
      {
        role: "assistant",
        content: [
          { reasoningContent: { reasoningText: { text: "Hm.", signature: "sig" } } },
          { toolUse: { toolUseId: "c_1", name: "get_weather", input: { city: "Paris" } } },
        ],
      },
      {
        role: "user",
        content: [{ toolResult: { toolUseId: "c_1", content: [{ json: { sky: "grey" } }] } }, { text: "So?" }],
      },
    ],
    toolConfig: {
      tools: [
        {
          toolSpec: {
            name: "get_weather",
            description: "Now",
            inputSchema: { json: { type: "object", properties: { city: { type: "string" } } } },
          },
        },
      ],
      toolChoice: { tool: { name: "get_weather" } },
    },
    inferenceConfig: { maxTokens: 100, temperature: 0.5, stopSequences: ["END"] },
    additionalModelRequestFields: { top_k: 5 },
  });
});

test("effort is put in each model's own words", () => {
  expect(ask({ reasoning_effort: "low" }).body.additionalModelRequestFields).toEqual({
    thinking: { type: "enabled", budget_tokens: 2_048 },
  });
  expect(
    ask({ reasoning_effort: "max" }, "us.anthropic.claude-opus-4-7-v1:0").body.additionalModelRequestFields,
  ).toEqual({ thinking: { type: "adaptive" }, output_config: { effort: "max" } });
  expect(ask({ reasoning_effort: "high" }, "openai.gpt-oss-120b-1:0").body.additionalModelRequestFields).toEqual({
    reasoning_effort: "high",
  });
  expect(ask({ reasoning_effort: "minimal" }, "us.amazon.nova-2-lite-v1:0").body.additionalModelRequestFields).toEqual({
    reasoningConfig: { type: "enabled", maxReasoningEffort: "low" },
  });
  expect(ask({ reasoning_effort: "high" }, NOVA).warnings).toEqual([expect.stringContaining("reasoning_effort")]);
});

test("a JSON schema is enforced where the model can, by a forced tool, or asked for in words", () => {
  const response_format = {
    type: "json_schema",
    json_schema: { name: "t", schema: { type: "object", properties: {} } },
  };
  const schema = '{"type":"object","properties":{},"additionalProperties":false}';
  expect(ask({ response_format }).body.outputConfig).toEqual({
    textFormat: { type: "json_schema", structure: { jsonSchema: { schema, name: "t" } } },
  });
  expect(ask({ response_format }, NOVA).body.toolConfig).toMatchObject({
    tools: [{ toolSpec: { name: "treadle_answer" } }],
    toolChoice: { tool: { name: "treadle_answer" } },
  });
  expect(ask({ response_format }, "meta.llama3-1-8b-instruct-v1:0")).toMatchObject({
    body: { system: [{ text: expect.stringContaining("JSON") }] },
    warnings: [expect.any(String)],
  });
});

test("earlier calls keep their tools declared, since Bedrock refuses a conversation without them", () => {
  const messages = [
    ...hello,
    { role: "assistant", content: "", tool_calls: [{ id: "a", function: { name: "get_time", arguments: "{}" } }] },
    { role: "tool", tool_call_id: "a", content: "" },
  ];
  expect(ask({ messages }).body).toMatchObject({
    toolConfig: { tools: [{ toolSpec: { name: "get_time" } }] },
    messages: [{}, {}, { content: [{ toolResult: { content: [{ text: "(empty)" }] } }] }],
  });
  expect(ask({ messages, tools: [weather], tool_choice: "none" }).warnings).toEqual([
    expect.stringContaining("tool_choice"),
  ]);
});

test.each([
  [{ n: 2 }, "unprocessable", "n"],
  [
    { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }] }] },
    "unprocessable",
    "messages[0].content[0]",
  ],
  [
    {
      messages: [{ role: "user", content: [{ type: "file", file: { file_data: "data:application/zip;base64,UEs" } }] }],
    },
    "unprocessable",
    "messages[0].content[0]",
  ],
  [{ messages: [{ role: "system", content: "x" }] }, "unprocessable", "messages"],
  [{ messages: [{ role: "robot" }] }, "invalid_request", "messages[0].role"],
])("a request that cannot be translated is refused with its place: %j", (request, code, param) => {
  expect(() => ask(request)).toThrow(expect.objectContaining({ code, details: { param } }));
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

test("a binary stream is read: thoughts with their signature, text, calls, end and usage", () => {
  const chunks = stream(whole);
  expect(choices(chunks)).toEqual([
    { delta: { role: "assistant", content: "" }, finish_reason: null },
    { delta: { reasoning_content: "Two " }, finish_reason: null },
    { delta: { reasoning_content: "calls." }, finish_reason: null },
    {
      delta: {
        reasoning_details: [
          {
            type: "reasoning.text",
            text: "Two calls.",
            signature: "EqoBCkgIARAB",
            format: "anthropic-claude-v1",
            index: 0,
          },
        ],
      },
      finish_reason: null,
    },
    { delta: { content: "Looking " }, finish_reason: null },
    { delta: { content: "in 巴黎." }, finish_reason: null },
    {
      delta: {
        tool_calls: [
          {
            index: 0,
            id: "tooluse_kZJMlvQmRJ6eAyJE5GIl7Q",
            type: "function",
            function: { name: "get_weather", arguments: "" },
          },
        ],
      },
      finish_reason: null,
    },
    { delta: { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }, finish_reason: null },
    { delta: { tool_calls: [{ index: 0, function: { arguments: '"Paris"}' } }] }, finish_reason: null },
    {
      delta: {
        tool_calls: [
          {
            index: 1,
            id: "tooluse_hbTgdi0CSLq_hM4P8csZJA",
            type: "function",
            function: { name: "get_time", arguments: "" },
          },
        ],
      },
      finish_reason: null,
    },
    { delta: { tool_calls: [{ index: 1, function: { arguments: "{}" } }] }, finish_reason: null },
    { delta: {}, finish_reason: "tool_calls" },
  ]);
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 500, completion_tokens: 80, prompt_tokens_details: { cached_tokens: 100 } },
  });
});

test("a binary stream reads the same wherever its bytes are cut", () => {
  const wanted = choices(stream(whole));
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { maxLength: 30 }), (cuts) => {
      expect(choices(stream(whole, cuts))).toEqual(wanted);
    }),
  );
});

test("exceptions, damage, breaking off and foreign bytes in a stream are told", () => {
  const start = event("messageStart", { role: "assistant" });
  const exception = frame(
    { ":message-type": "exception", ":exception-type": "throttlingException" },
    { message: "Too many tokens" },
  );
  expect(() => stream(Buffer.concat([start, exception]))).toThrow(
    expect.objectContaining({ upstream: { message: "Too many tokens", type: "throttlingException", code: null } }),
  );
  const error = frame({ ":message-type": "error", ":error-code": "InternalFailure", ":error-message": "Oops" }, {});
  expect(() => stream(error)).toThrow(
    expect.objectContaining({ upstream: { message: "Oops", type: "InternalFailure", code: null } }),
  );
  const damaged = Buffer.from(whole);
  damaged.writeUInt8(damaged.readUInt8(90) ^ 1, 90);
  expect(() => stream(damaged)).toThrow(/damaged/);
  expect(() => stream(whole.subarray(0, whole.length - 400))).toThrow(/before `messageStop`/);
  expect(() => stream(Buffer.from("<html>gateway timeout</html>"))).toThrow(/not an AWS event stream/);
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
