import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChatChunk } from "../../formats/hub/hub.ts";
import type { Upstream } from "../provider.ts";
import { gemini } from "./gemini.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/gemini/${name}`, import.meta.url));
const asked = { model: "asked", now: 1_764_031_234_567, includeUsage: true };
const upstream: Upstream = {
  baseUrl: "https://generativelanguage.googleapis.com/v1beta",
  preset: "gemini",
  key: "AIza",
  model: "gemini-2.5-flash",
  region: null,
  apiVersion: null,
  accessKeyId: null,
  headers: {},
  hasStreamUsage: false,
};
const hello = [{ role: "user", content: "Hello" }];

function stream(bytes: Buffer, cuts: readonly number[] = []): ChatChunk[] {
  const reader = gemini.streamReader(asked);
  const ends = [...new Set(cuts.map((place) => place % bytes.length))].sort((a, b) => a - b);
  const pieces = [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}
const deltas = (chunks: ChatChunk[]) => chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta));

test("a request goes to the model's address with its key, streamed as server-sent events", async () => {
  const plain = await gemini.chatRequest(upstream, { model: "x", messages: hello });
  expect(plain).toMatchObject({
    method: "POST",
    url: "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent",
    headers: { "x-goog-api-key": "AIza", "content-type": "application/json" },
  });
  const streamed = await gemini.chatRequest(
    { ...upstream, baseUrl: "https://generativelanguage.googleapis.com/", model: "tunedModels/mine" },
    { model: "x", messages: hello, stream: true },
  );
  expect(streamed.url).toBe(
    "https://generativelanguage.googleapis.com/v1beta/tunedModels/mine:streamGenerateContent?alt=sse",
  );
});

test("an answer is read, with cached tokens as input and thoughts as output", () => {
  expect(gemini.readChat(fixture("response.json"), asked)).toEqual({
    id: "kJ3caKyGDvTCvdIPr_6b-AE",
    object: "chat.completion",
    created: 1_764_031_234,
    model: "gemini-2.5-flash",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "Paris is the capital of France." },
        finish_reason: "stop",
        logprobs: null,
      },
    ],
    usage: {
      prompt_tokens: 2_048,
      completion_tokens: 49,
      total_tokens: 2_097,
      prompt_tokens_details: { cached_tokens: 1_024 },
      completion_tokens_details: { reasoning_tokens: 42 },
    },
  });
});

test("calls get the same generated id on each read, with their signature", () => {
  const [choice] = gemini.readChat(fixture("function-call.json"), asked).choices;
  expect(choice).toMatchObject({
    finish_reason: "tool_calls",
    message: {
      content: null,
      reasoning_content: "**Planning**\n\nTwo lookups.",
      reasoning_details: [
        {
          type: "reasoning.encrypted",
          data: "CpcHAdHtim9+q4rstcbvQC0ic4x1",
          format: "google-gemini-v1",
          id: "call_abc123_0_0",
        },
      ],
      tool_calls: [
        { id: "call_abc123_0_0", function: { name: "get_weather", arguments: '{"city":"Paris"}' } },
        { id: "fn-2", function: { name: "get_time", arguments: "{}" } },
      ],
    },
  });
  expect(gemini.readChat(fixture("function-call.json"), asked).choices[0]).toEqual(choice);
});

test("without an id of the answer, ids of calls still differ between answers", () => {
  const { responseId: _, ...answer } = JSON.parse(fixture("function-call.json").toString());
  const idAt = (now: number) =>
    gemini.readChat(Buffer.from(JSON.stringify(answer)), { model: "m", now }).choices[0]?.message.tool_calls?.[0]?.id;
  expect(idAt(1_000)).toBe(idAt(1_000));
  expect(idAt(1_000)).not.toBe(idAt(2_000));
});

test("several candidates are several choices, each with its reason and log-probabilities", () => {
  expect(gemini.readChat(fixture("candidates.json"), asked).choices).toMatchObject([
    {
      index: 0,
      message: { content: "Hi" },
      finish_reason: "stop",
      logprobs: {
        content: [
          {
            token: "Hi",
            logprob: -0.12,
            bytes: [72, 105],
            top_logprobs: [
              { token: "Hi", logprob: -0.12 },
              { token: "Hello", logprob: -2.3 },
            ],
          },
        ],
      },
    },
    { index: 1, message: { content: "Hello the" }, finish_reason: "length", logprobs: null },
    { index: 2, message: { content: "" }, finish_reason: "content_filter" },
  ]);
});

test("a blocked prompt is a refusal, plain and streamed", () => {
  expect(gemini.readChat(fixture("blocked.json"), asked).choices[0]).toMatchObject({
    finish_reason: "content_filter",
    message: { content: null, refusal: expect.stringContaining("PROHIBITED_CONTENT") },
  });
  const chunks = stream(Buffer.from(`data: ${JSON.stringify(JSON.parse(fixture("blocked.json").toString()))}\n\n`));
  expect(chunks[1]?.choices[0]?.finish_reason).toBe("content_filter");
});

test("a failed function call is an error, so that another model can be tried", () => {
  const body = {
    candidates: [
      { content: {}, finishReason: "MALFORMED_FUNCTION_CALL", finishMessage: "Malformed function call: print(" },
    ],
  };
  expect(() => gemini.readChat(Buffer.from(JSON.stringify(body)), asked)).toThrow(/MALFORMED_FUNCTION_CALL.*print/);
});

test("a drawn picture is handed on as a data URL", () => {
  const body = {
    candidates: [
      { content: { parts: [{ inlineData: { mimeType: "image/png", data: "iVBOR" } }] }, finishReason: "STOP" },
    ],
  };
  expect(gemini.readChat(Buffer.from(JSON.stringify(body)), asked).choices[0]?.message.images).toEqual([
    { type: "image_url", image_url: { url: "data:image/png;base64,iVBOR" } },
  ]);
});

test("a stream of thoughts and text is read; usage comes from the last event", () => {
  const chunks = stream(fixture("stream.sse"));
  expect(deltas(chunks)).toEqual([
    { role: "assistant", content: "" },
    { reasoning_content: "Let me think." },
    { content: "Hello" },
    { content: ", 世界!" },
    { reasoning_details: [{ type: "reasoning.encrypted", data: "SIG-TEXT", format: "google-gemini-v1" }] },
    {},
  ]);
  expect(chunks.at(-1)).toMatchObject({
    id: "st1",
    model: "gemini-2.5-flash",
    choices: [],
    usage: { prompt_tokens: 11, completion_tokens: 25, completion_tokens_details: { reasoning_tokens: 20 } },
  });
});

test("a stream of calls numbers them across events, and its end says tool_calls", () => {
  const chunks = stream(fixture("stream-function.sse"));
  expect(deltas(chunks)).toMatchObject([
    {},
    { reasoning_details: [{ id: "call_fn1_0_0", data: "SIG-CALL" }] },
    {
      tool_calls: [{ index: 0, id: "call_fn1_0_0", function: { name: "get_weather", arguments: '{"city":"Paris"}' } }],
    },
    { tool_calls: [{ index: 1, id: "call_fn1_0_1", function: { name: "get_time", arguments: "{}" } }] },
    {},
  ]);
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("tool_calls");
});

test("a stream reads the same wherever its bytes are cut", () => {
  const bytes = fixture("stream.sse");
  const whole = stream(bytes);
  fc.assert(
    fc.property(fc.array(fc.nat(5_000), { maxLength: 20 }), (cuts) => {
      expect(stream(bytes, cuts)).toEqual(whole);
    }),
  );
});

test("an error in a stream and an interrupted stream are reported", () => {
  expect(() =>
    stream(
      Buffer.from('data: {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}\n\n'),
    ),
  ).toThrow(
    expect.objectContaining({ upstream: { message: "The model is overloaded.", type: "UNAVAILABLE", code: null } }),
  );
  const first = fixture("stream.sse").toString().split("\n\n")[0];
  expect(() => stream(Buffer.from(`${first}\n\n`))).toThrow(/finish reason/);
  expect(() => stream(fixture("stream.sse").subarray(0, 300))).toThrow(/broken off/);
});

test("refusals are repeated in Google's words, from an object or a list", () => {
  const wanted = {
    message: "API key not valid. Please pass a valid API key.",
    type: "INVALID_ARGUMENT",
    code: "API_KEY_INVALID",
  };
  expect(gemini.readError(400, fixture("error.json"))).toEqual(wanted);
  expect(gemini.readError(400, Buffer.from(`[${fixture("error.json").toString()}]`))).toEqual(wanted);
  expect(gemini.readError(500, Buffer.from("oops"))).toEqual({ message: "oops", type: null, code: null });
});

test("models that can answer or embed are listed", async () => {
  expect((await gemini.modelsRequest(upstream)).url).toBe(
    "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000",
  );
  expect(gemini.readModels(fixture("models.json"))).toEqual(["gemini-2.5-flash", "gemini-embedding-001"]);
});

test("texts are embedded in one batch, as floats or base64", async () => {
  const request = { model: "x", input: ["a", "b"], dimensions: 3 };
  const sent = await gemini.embeddingRequest?.({ ...upstream, model: "gemini-embedding-001" }, request);
  expect(sent?.url).toMatch(/models\/gemini-embedding-001:batchEmbedContents$/);
  expect(JSON.parse(String(sent?.body)).requests[1]).toEqual({
    model: "models/gemini-embedding-001",
    content: { parts: [{ text: "b" }] },
    outputDimensionality: 3,
  });
  const read = gemini.readEmbeddings?.(fixture("embeddings.json"), { model: "e", request });
  expect(read).toMatchObject({
    object: "list",
    model: "e",
    data: [
      { index: 0, embedding: [0.25, -0.5, 0.125] },
      { index: 1, embedding: [1, 0, -1] },
    ],
  });
  const packed = gemini.readEmbeddings?.(fixture("embeddings.json"), {
    model: "e",
    request: { ...request, encoding_format: "base64" },
  });
  const bytes = Buffer.from(String(packed?.data[0]?.embedding), "base64");
  expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.readFloatLE(8)]).toEqual([0.25, -0.5, 0.125]);
});

test("texts as token numbers, and more than a batch holds, are refused", async () => {
  await expect(gemini.embeddingRequest?.(upstream, { model: "x", input: [[1, 2]] })).rejects.toMatchObject({
    code: "unprocessable",
  });
  await expect(
    gemini.embeddingRequest?.(upstream, { model: "x", input: Array.from({ length: 101 }, () => "a") }),
  ).rejects.toMatchObject({ code: "unprocessable" });
});

test("tokens are counted over the whole request", async () => {
  const body = {
    messages: [{ role: "user", content: "Hi" }],
    system: "Be brief.",
    tools: [{ name: "get_time", input_schema: { type: "object" } }],
  };
  const request = await gemini.countTokensRequest?.(upstream, body);
  expect(request?.url).toMatch(/gemini-2\.5-flash:countTokens$/);
  expect(JSON.parse(String(request?.body))).toEqual({
    generateContentRequest: {
      model: "models/gemini-2.5-flash",
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [{ role: "user", parts: [{ text: "Hi" }] }],
      tools: [{ functionDeclarations: [{ name: "get_time" }] }],
    },
  });
  expect(gemini.readTokenCount?.(Buffer.from('{"totalTokens": 31}'))).toBe(31);
});
