import type { ChatRequest, CompletionRequest } from "@treadle/contract";
import { expect, test } from "vitest";
import type { GenerateEvent } from "../../../../../platform/inference/port.ts";
import { createLocalAnswer, localChatRequest, localCompletionRequest, localEmbeddings } from "./local.ts";

const hello = [{ role: "user", content: "Hello" }];
const ask = (request: Partial<ChatRequest>) => localChatRequest("smol", { model: "smol", messages: hello, ...request });
const go = (request: Partial<CompletionRequest>) =>
  localCompletionRequest("smol", { model: "smol", prompt: "Once", ...request });
const time = {
  type: "function",
  function: { name: "get_time", description: "Now", parameters: { type: "object", properties: {} } },
};
const head = { id: "chatcmpl-1", model: "smol", now: 5_000 };

test("a conversation is sent to the engine as text, with calls and results", () => {
  const { generate, warnings } = ask({
    messages: [
      { role: "developer", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "Time" },
          { type: "text", text: "?" },
        ],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c1", type: "function", function: { name: "get_time", arguments: "" } }],
      },
      { role: "tool", tool_call_id: "c1", content: "no clock", is_error: true },
    ],
    tools: [time],
    tool_choice: { type: "function", function: { name: "get_time" } },
    max_completion_tokens: 20,
    temperature: 0,
    top_p: 0.5,
    seed: 7,
    stop: "END",
    logprobs: true,
    top_logprobs: 3,
    response_format: { type: "json_object" },
  });
  expect(warnings).toEqual([]);
  expect(generate).toEqual({
    modelId: "smol",
    prompt: {
      messages: [
        { role: "system", text: "Be brief." },
        { role: "user", text: "Time?" },
        { role: "assistant", text: "", toolCalls: [{ id: "c1", name: "get_time", arguments: "{}" }] },
        { role: "tool", text: "Error: no clock", toolCallId: "c1" },
      ],
    },
    maxTokens: 20,
    temperature: 0,
    topP: 0.5,
    seed: 7,
    stop: ["END"],
    topLogprobs: 3,
    jsonSchema: {},
    tools: [{ name: "get_time", description: "Now", parameters: { type: "object", properties: {} } }],
    toolChoice: { name: "get_time" },
  });
});

test("what was not asked is left to the engine", () => {
  expect(ask({}).generate).toMatchObject({
    maxTokens: null,
    temperature: null,
    topP: null,
    seed: null,
    stop: [],
    topLogprobs: null,
    jsonSchema: null,
    tools: [],
    toolChoice: "auto",
  });
  expect(ask({ logprobs: true }).generate.topLogprobs).toBe(0);
});

test("a JSON schema is passed on whole", () => {
  const schema = { type: "object", properties: { n: { type: "integer", minimum: 3 } } };
  expect(
    ask({ response_format: { type: "json_schema", json_schema: { name: "t", schema } } }).generate.jsonSchema,
  ).toEqual(schema);
});

test("what the engine has no place for is named in a warning", () => {
  expect(ask({ presence_penalty: 0.5, logit_bias: { "1": 5 } }).warnings).toEqual([
    expect.stringContaining("presence_penalty"),
    expect.stringContaining("logit_bias"),
  ]);
});

test.each([
  [{ n: 2 }, "unprocessable", "n"],
  [
    { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }] }] },
    "unprocessable",
    "messages[0].content[0]",
  ],
  [{ messages: [{ role: "robot", content: "x" }] }, "invalid_request", "messages[0].role"],
  [{ tool_choice: "required" }, "invalid_request", "tool_choice"],
  [{ tools: [time], tool_choice: { type: "function", function: { name: "other" } } }, "invalid_request", "tool_choice"],
])("a request that a local model cannot answer is refused with its place: %j", (request, code, param) => {
  expect(() => ask(request)).toThrow(expect.objectContaining({ code, details: { param } }));
});

test("a refused picture names the model that cannot see", () => {
  const image = { type: "image_url", image_url: { url: "data:image/png;base64,iVBOR" } };
  expect(() => ask({ messages: [{ role: "user", content: [image] }] })).toThrow(/image.*smol reads only text/);
});

test("a completion continues the raw text, with 16 tokens by default", () => {
  expect(go({ logprobs: 2, stop: ["\n"] }).generate).toMatchObject({
    prompt: { text: "Once" },
    maxTokens: 16,
    topLogprobs: 2,
    stop: ["\n"],
    toolChoice: "none",
  });
});

test.each([
  [{ echo: true }, "echo"],
  [{ suffix: "end" }, "suffix"],
  [{ n: 2 }, "n"],
  [{ best_of: 2 }, "best_of"],
  [{ prompt: ["a", "b"] }, "prompt"],
  [{ prompt: [1, 2] }, "prompt"],
])("a completion that a local model cannot make is refused: %j", (request, param) => {
  expect(() => go(request)).toThrow(expect.objectContaining({ code: "unprocessable", details: { param } }));
});

const entry = { token: "He", bytes: [72, 101], logprob: -0.1, top: [{ token: "He", bytes: [72, 101], logprob: -0.1 }] };
const events: GenerateEvent[] = [
  { type: "text", text: "He", logprobs: [entry] },
  { type: "text", text: "llo" },
  { type: "tool_call", call: { id: "c1", name: "get_time", arguments: "{}" } },
  { type: "done", finishReason: "tool_calls", promptTokens: 9, completionTokens: 4 },
];

test("the stop sequence of an answer is reported, in a stream and in a whole answer", () => {
  const stopped = {
    type: "done",
    finishReason: "stop",
    stopSequence: "END",
    promptTokens: 9,
    completionTokens: 4,
  } as const;
  const answer = createLocalAnswer(head, { includeUsage: false });
  const stop = { finish_reason: "stop", stop_sequence: "END" };
  expect(answer.add(stopped).at(-1)?.choices[0]).toMatchObject(stop);
  expect(answer.response().choices[0]).toMatchObject(stop);
});

test("the engine's events become chunks, log-probabilities in OpenAI's shape, usage where it was asked", () => {
  const answer = createLocalAnswer(head, { includeUsage: true });
  const chunks = events.flatMap((event) => answer.add(event));
  expect(chunks.map((chunk) => chunk.choices[0])).toEqual([
    { index: 0, delta: { role: "assistant", content: "" }, finish_reason: null },
    {
      index: 0,
      delta: { content: "He" },
      finish_reason: null,
      logprobs: {
        content: [
          {
            token: "He",
            logprob: -0.1,
            bytes: [72, 101],
            top_logprobs: [{ token: "He", logprob: -0.1, bytes: [72, 101] }],
          },
        ],
        refusal: null,
      },
    },
    { index: 0, delta: { content: "llo" }, finish_reason: null },
    {
      index: 0,
      delta: {
        tool_calls: [{ index: 0, id: "c1", type: "function", function: { name: "get_time", arguments: "{}" } }],
      },
      finish_reason: null,
    },
    { index: 0, delta: {}, finish_reason: "tool_calls" },
    undefined,
  ]);
  expect(chunks.at(-1)).toMatchObject({
    id: "chatcmpl-1",
    created: 5,
    model: "smol",
    usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
  });
  const silent = createLocalAnswer(head, { includeUsage: false });
  expect(events.flatMap((event) => silent.add(event))).toHaveLength(chunks.length - 1);
});

test("the engine's events become a whole answer", () => {
  const answer = createLocalAnswer(head, { includeUsage: false });
  for (const event of events) answer.add(event);
  expect(answer.response()).toMatchObject({
    object: "chat.completion",
    choices: [
      {
        message: {
          role: "assistant",
          content: "Hello",
          tool_calls: [{ id: "c1", type: "function", function: { name: "get_time", arguments: "{}" } }],
        },
        finish_reason: "tool_calls",
        logprobs: { content: [{ token: "He" }] },
      },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
  });
});

test("vectors are answered in OpenAI's shape, and another length than the model's is refused", () => {
  const embedded = { model: "use", vectors: [[0.5, 0.25]], tokens: 3 };
  expect(localEmbeddings({ model: "use", input: "a", dimensions: 2 }, embedded)).toMatchObject({
    data: [{ embedding: [0.5, 0.25] }],
    usage: { prompt_tokens: 3 },
  });
  expect(() => localEmbeddings({ model: "use", input: "a", dimensions: 1 }, embedded)).toThrow(
    expect.objectContaining({ code: "unprocessable", details: { param: "dimensions" } }),
  );
});
