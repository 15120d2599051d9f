import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chunksOf } from "../../formats/hub/chunks.ts";
import { createCollector } from "../../formats/hub/collect-chunks.ts";
import type { ChatChunk } from "../../formats/hub/hub.ts";
import type { Upstream } from "../provider.ts";
import { anthropic } from "./anthropic.ts";
import { claudeTraits } from "./models.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/anthropic/${name}`, import.meta.url));
const asked = { model: "asked", now: 1_764_031_234_567, includeUsage: true };
const upstream: Upstream = {
  baseUrl: "https://api.anthropic.com/v1",
  preset: "anthropic",
  key: "sk-ant",
  model: "claude-sonnet-4-5",
  region: null,
  apiVersion: null,
  accessKeyId: null,
  headers: { "anthropic-beta": "x" },
  hasStreamUsage: false,
};

function stream(bytes: Buffer, cuts: readonly number[] = []): ChatChunk[] {
  const reader = anthropic.streamReader(asked);
  const ends = [...new Set(cuts.map((place) => place % bytes.length))].sort((a, b) => a - b);
  const pieces = [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}
const deltas = (chunks: ChatChunk[]) => chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta));

test("a request goes to the Messages API with its key and version, whether the base has /v1 or not", async () => {
  for (const baseUrl of [
    "https://api.anthropic.com/v1",
    "https://api.anthropic.com",
    "https://api.anthropic.com/v1/",
  ]) {
    const request = await anthropic.chatRequest(
      { ...upstream, baseUrl },
      { model: "x", messages: [{ role: "user", content: "Hi" }] },
    );
    expect(request).toMatchObject({
      method: "POST",
      url: "https://api.anthropic.com/v1/messages",
      headers: {
        "x-api-key": "sk-ant",
        "anthropic-version": "2023-06-01",
        "content-type": "application/json",
        "anthropic-beta": "x",
      },
    });
    expect(JSON.parse(String(request.body))).toMatchObject({
      model: "claude-sonnet-4-5",
      messages: [{ role: "user" }],
    });
  }
});

test("bytes in Anthropic's own shape pass through untouched", () => {
  const bytes = Buffer.from('{"model": "m"}');
  const request = anthropic.passThrough?.request(upstream, "/messages/count_tokens", bytes);
  expect(request).toMatchObject({ url: "https://api.anthropic.com/v1/messages/count_tokens", body: bytes });
});

test("an answer is read: text, stop reason, and cached tokens counted as input", () => {
  expect(anthropic.readChat(fixture("message.json"), asked)).toEqual({
    id: "msg_01XFDUDYJgAACzvnptvVoYEL",
    object: "chat.completion",
    created: 1_764_031_234,
    model: "claude-sonnet-4-5-20250929",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "The capital of France is Paris." },
        finish_reason: "stop",
        logprobs: null,
      },
    ],
    usage: {
      prompt_tokens: 1_233,
      completion_tokens: 9,
      total_tokens: 1_242,
      prompt_tokens_details: { cached_tokens: 1_024, cache_write_tokens: 188 },
    },
  });
});

test("tool calls, thoughts and their signatures are read", () => {
  const [choice] = anthropic.readChat(fixture("tool-use.json"), asked).choices;
  expect(choice).toMatchObject({
    finish_reason: "tool_calls",
    message: {
      content: "I'll look both up.",
      reasoning_content: "Two cities, so two calls.",
      reasoning_details: [
        { type: "reasoning.text", signature: expect.stringMatching(/^Eq/), format: "anthropic-claude-v1" },
        { type: "reasoning.encrypted", data: expect.stringMatching(/^Emw/) },
      ],
      tool_calls: [
        {
          id: "toolu_01A09q90qw90lq917835lq9",
          type: "function",
          function: { name: "get_weather", arguments: '{"city":"Paris","unit":"celsius"}' },
        },
        { function: { name: "get_time", arguments: "{}" } },
      ],
    },
  });
});

test("the stand-in tool's input is read as the answer's text, plain and streamed", () => {
  const body = {
    type: "message",
    id: "m",
    content: [{ type: "tool_use", id: "t", name: "treadle_answer", input: { n: 1 } }],
    stop_reason: "tool_use",
    usage: {},
  };
  expect(anthropic.readChat(Buffer.from(JSON.stringify(body)), asked).choices[0]).toMatchObject({
    message: { content: '{"n":1}' },
    finish_reason: "stop",
  });
  const text = fixture("stream-tools.sse").toString().replaceAll('"get_weather"', '"treadle_answer"');
  const streamedText = deltas(stream(Buffer.from(text)))
    .map((delta) => delta.content ?? "")
    .join("");
  expect(streamedText).toBe('I\'ll look both up.{"city": "Paris"}');
});

test("the stop sequence of an answer is returned, plain and streamed", () => {
  const body = { type: "message", content: [], stop_reason: "stop_sequence", stop_sequence: "END", usage: {} };
  const stop = { finish_reason: "stop", stop_sequence: "END" };
  expect(anthropic.readChat(Buffer.from(JSON.stringify(body)), asked).choices).toMatchObject([stop]);
  const ended = '"stop_reason":"stop_sequence","stop_sequence":"END"';
  const text = fixture("stream-text.sse").toString().replace('"stop_reason":"end_turn","stop_sequence":null', ended);
  const collector = createCollector();
  for (const chunk of stream(Buffer.from(text))) collector.add(chunk);
  expect(collector.response().choices).toMatchObject([stop]);
  expect(chunksOf(collector.response()).flatMap(({ choices }) => choices)).toContainEqual(
    expect.objectContaining(stop),
  );
});

test("a refusal is read as filtered content", () => {
  const body = {
    type: "message",
    content: [],
    stop_reason: "refusal",
    stop_details: { type: "refusal", explanation: "Not this." },
    usage: {},
  };
  expect(anthropic.readChat(Buffer.from(JSON.stringify(body)), asked).choices[0]).toMatchObject({
    finish_reason: "content_filter",
    message: { refusal: "Not this." },
  });
});

test("a stream of text is read, with the tokens of its first and last event", () => {
  const chunks = stream(fixture("stream-text.sse"));
  expect(deltas(chunks)).toEqual([
    { role: "assistant", content: "" },
    { content: "Hello" },
    { content: ", 世界! 🎡" },
    {},
  ]);
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 35, completion_tokens: 15, prompt_tokens_details: { cached_tokens: 10 } },
  });
});

test("a stream of thoughts and tool calls is read; a call without arguments has {}", () => {
  expect(deltas(stream(fixture("stream-tools.sse")))).toMatchObject([
    { role: "assistant" },
    { reasoning_content: "Two cities, " },
    { reasoning_content: "so two calls." },
    {
      reasoning_details: [
        {
          type: "reasoning.text",
          text: "Two cities, so two calls.",
          signature: "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds",
        },
      ],
    },
    { reasoning_details: [{ type: "reasoning.encrypted", data: "EmwKAhgBEgy3va3pzix/LafPsn4a" }] },
    { content: "I'll look both up." },
    {
      tool_calls: [
        {
          index: 0,
          id: "toolu_01T1x1fJ34qAmk2tNTrN7Up6",
          type: "function",
          function: { name: "get_weather", arguments: "" },
        },
      ],
    },
    { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] },
    { tool_calls: [{ index: 0, function: { arguments: ' "Paris"}' } }] },
    { tool_calls: [{ index: 1, function: { name: "get_time" } }] },
    { tool_calls: [{ index: 1, function: { arguments: "{}" } }] },
    {},
  ]);
});

test("a stream reads the same wherever its bytes are cut", () => {
  const bytes = fixture("stream-tools.sse");
  const whole = stream(bytes);
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { maxLength: 20 }), (cuts) => {
      expect(stream(bytes, cuts)).toEqual(whole);
    }),
  );
});

test("an error inside a stream, an interrupted stream and an invalid stream are reported", () => {
  expect(() => stream(fixture("stream-error.sse"))).toThrow(
    expect.objectContaining({ upstream: { message: "Overloaded", type: "overloaded_error", code: null } }),
  );
  expect(() => stream(fixture("stream-text.sse").subarray(0, 900))).toThrow(/broken off|before `message_stop`/);
  expect(() => stream(Buffer.from("<html>gateway</html>"))).toThrow(/before `message_stop`/);
  expect(() => stream(Buffer.from("data: {broken\n\n"))).toThrow(/not a JSON object/);
});

test("a 200 that holds an error or no JSON is an error, not an answer", () => {
  expect(() => anthropic.readChat(fixture("error.json"), asked)).toThrow(/max_tokens: Field required/);
  expect(() => anthropic.readChat(Buffer.from("<html>"), asked)).toThrow(/not a JSON object/);
  expect(() => anthropic.readChat(Buffer.from("{}"), asked)).toThrow(/no `content`/);
});

test("refusals are repeated in Anthropic's words; a page of a proxy is cut short", () => {
  expect(anthropic.readError(400, fixture("error.json"))).toEqual({
    message: "max_tokens: Field required",
    type: "invalid_request_error",
    code: null,
  });
  expect(anthropic.readError(502, Buffer.from(`<html>\n${"x".repeat(2_000)}`)).message).toHaveLength(500);
  expect(anthropic.readError(503, Buffer.from("")).message).toContain("503");
});

test("models are listed and tokens are counted", async () => {
  expect(await anthropic.modelsRequest(upstream)).toMatchObject({
    method: "GET",
    url: "https://api.anthropic.com/v1/models?limit=1000",
  });
  expect(anthropic.readModels(fixture("models.json"))).toEqual([
    "claude-opus-4-1-20250805",
    "claude-sonnet-4-5-20250929",
  ]);
  const request = await anthropic.countTokensRequest?.(upstream, { model: "x", messages: [] });
  expect(request?.url).toBe("https://api.anthropic.com/v1/messages/count_tokens");
  expect(anthropic.readTokenCount?.(Buffer.from('{"input_tokens": 14}'))).toBe(14);
  expect(anthropic.readTokenCount?.(Buffer.from("oops"))).toBeNull();
});

test.each([
  ["claude-3-haiku-20240307", "none"],
  ["claude-3-7-sonnet-latest", "budget"],
  ["claude-opus-4-20250514", "budget"],
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "budget"],
  ["claude-sonnet-4-6", "adaptive"],
  ["claude-opus-5", "adaptive"],
  ["anthropic/claude-opus-4.7", "adaptive"],
])("%s thinks: %s", (model, thinking) => {
  expect(claudeTraits(model).thinking).toBe(thinking);
});
