import type { ChatRequest } from "@treadle/contract";
import { expect, test } from "vitest";
import { toAnthropicBody } from "./request.ts";

const OLD = "claude-3-5-haiku-20241022";
const BUDGET = "claude-sonnet-4-5-20250929";
const ADAPTIVE = "claude-opus-4-7";
const hello = [{ role: "user", content: "Hello" }];
const ask = (request: Partial<ChatRequest>, model = BUDGET) =>
  toAnthropicBody(model, { model: "x", messages: hello, ...request });
const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Now",
    parameters: { type: "object", properties: { city: { type: "string" } } },
  },
};
const time = { type: "function", function: { name: "get_time" } };

test("a conversation retains its turns: system separate, neighbors joined, parallel results in one turn before the text", () => {
  const { body, warnings } = ask({
    messages: [
      { role: "system", content: "Be brief." },
      { role: "developer", content: [{ type: "text", text: "Rules.", cache_control: { type: "ephemeral" } }] },
      { role: "user", content: "Weather and time?" },
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { id: "call.1", type: "function", function: { name: "get_weather", arguments: '{"city":"Paris"}' } },
          { id: "call_2", type: "function", function: { name: "get_time", arguments: "" } },
        ],
      },
      { role: "tool", tool_call_id: "call.1", content: "rain" },
      { role: "tool", tool_call_id: "call_2", content: [{ type: "text", text: "noon" }], is_error: true },
      { role: "user", content: "So?" },
    ],
    tools: [weather, time],
  });
  expect(warnings).toEqual([]);
  expect(body).toMatchObject({
    model: BUDGET,
    max_tokens: 8_192,
    system: [
      { type: "text", text: "Be brief." },
      { type: "text", text: "Rules.", cache_control: { type: "ephemeral" } },
    ],
    messages: [
      { role: "user", content: [{ type: "text", text: "Weather and time?" }] },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "call_1", name: "get_weather", input: { city: "Paris" } },
          { type: "tool_use", id: "call_2", name: "get_time", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "call_1", content: "rain" },
          { type: "tool_result", tool_use_id: "call_2", content: "noon", is_error: true },
          { type: "text", text: "So?" },
        ],
      },
    ],
    tools: [
      {
        name: "get_weather",
        description: "Now",
        input_schema: { type: "object", properties: { city: { type: "string" } } },
      },
      { name: "get_time", input_schema: { type: "object", properties: {} } },
    ],
  });
  expect(body).not.toHaveProperty("tool_choice");
});

test("pictures and documents become blocks: data as base64, addresses as url, text files as text", () => {
  const { body } = ask({
    messages: [
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url: "data:image/jpg;base64,/9j/" } },
          { type: "image_url", image_url: { url: "https://example.com/a.png" } },
          { type: "file", file: { file_data: "data:application/pdf;base64,JVBE", filename: "a.pdf" } },
          { type: "file", file: { file_data: `data:text/csv;base64,${Buffer.from("a,b").toString("base64")}` } },
        ],
      },
    ],
  });
  expect(body.messages).toEqual([
    {
      role: "user",
      content: [
        { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "/9j/" } },
        { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
        { type: "document", source: { type: "base64", media_type: "application/pdf", data: "JVBE" }, title: "a.pdf" },
        { type: "document", source: { type: "text", media_type: "text/plain", data: "a,b" } },
      ],
    },
  ]);
});

test.each([
  ["auto", { type: "auto" }],
  ["none", { type: "none" }],
  ["required", { type: "any" }],
  [
    { type: "function", function: { name: "get_time" } },
    { type: "tool", name: "get_time" },
  ],
])("tool_choice %j is translated", (choice, wanted) => {
  expect(ask({ tools: [weather, time], tool_choice: choice }).body.tool_choice).toEqual(wanted);
});

test("parallel_tool_calls: false becomes disable_parallel_tool_use, with and without a choice", () => {
  expect(ask({ tools: [time], parallel_tool_calls: false }).body.tool_choice).toEqual({
    type: "auto",
    disable_parallel_tool_use: true,
  });
  expect(ask({ tools: [time], tool_choice: "required", parallel_tool_calls: false }).body.tool_choice).toEqual({
    type: "any",
    disable_parallel_tool_use: true,
  });
});

test("allowed tools narrow the tools that are shown", () => {
  const choice = {
    type: "allowed_tools",
    allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "get_time" } }] },
  };
  const { body } = ask({ tools: [weather, time], tool_choice: choice });
  expect(body).toMatchObject({ tools: [{ name: "get_time" }], tool_choice: { type: "auto" } });
  expect(body.tools).toHaveLength(1);
});

test("tools of earlier calls are declared when the request names none", () => {
  const messages = [
    ...hello,
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "a", type: "function", function: { name: "get_time", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "a", content: "noon" },
  ];
  expect(ask({ messages }).body).toMatchObject({ tools: [{ name: "get_time" }], tool_choice: { type: "none" } });
});

const schema = {
  type: "object",
  properties: { n: { type: "integer", minimum: 3 }, kind: { oneOf: [{ const: "a" }, { type: "null" }] } },
  required: ["n"],
};
const format = { type: "json_schema", json_schema: { name: "thing", schema, strict: true } };

test("a JSON schema is given to models with structured output, closed and with limits told in words", () => {
  const { body, warnings } = ask({ response_format: format });
  expect(warnings).toEqual([]);
  expect(body.output_config).toEqual({
    format: {
      type: "json_schema",
      schema: {
        type: "object",
        properties: {
          n: { type: "integer", description: "(minimum: 3)" },
          kind: { anyOf: [{ const: "a" }, { type: "null" }] },
        },
        required: ["n"],
        additionalProperties: false,
      },
    },
  });
});

test("a JSON schema becomes a forced tool on older models, and words when the caller has tools", () => {
  expect(ask({ response_format: format }, OLD).body).toMatchObject({
    tools: [{ name: "treadle_answer", input_schema: schema }],
    tool_choice: { type: "tool", name: "treadle_answer" },
  });
  const { body, warnings } = ask({ response_format: format, tools: [time] }, OLD);
  expect(body.system).toEqual([{ type: "text", text: expect.stringContaining(JSON.stringify(schema)) }]);
  expect(warnings).toEqual([expect.stringContaining("response_format")]);
});

test("effort becomes a budget, or adaptive thinking on models that decide for themselves", () => {
  expect(ask({ reasoning_effort: "high" }).body).toMatchObject({
    thinking: { type: "enabled", budget_tokens: 16_384 },
    max_tokens: 24_576,
  });
  expect(ask({ reasoning_effort: "low", max_tokens: 1_500 }).body).toMatchObject({
    thinking: { type: "enabled", budget_tokens: 1_499 },
    max_tokens: 1_500,
  });
  expect(ask({ reasoning_effort: "high" }, ADAPTIVE).body).toMatchObject({
    thinking: { type: "adaptive" },
    output_config: { effort: "high" },
  });
});

test.each([
  ["the answer is too short for it", { max_tokens: 500 }, BUDGET],
  ["the model does not think", {}, OLD],
  ["a tool call is forced", { tools: [time], tool_choice: "required" }, BUDGET],
])("thinking is left out with a warning when %s", (_, extra, model) => {
  const { body, warnings } = ask({ reasoning_effort: "low", ...extra }, model);
  expect(body).not.toHaveProperty("thinking");
  expect(warnings).toEqual([expect.stringContaining("reasoning_effort")]);
});

const called = {
  role: "assistant",
  content: null,
  tool_calls: [{ id: "a", type: "function", function: { name: "get_time", arguments: "{}" } }],
};
const result = { role: "tool", tool_call_id: "a", content: "noon" };

test("thoughts go back unchanged and first, and keep thinking on; without them it is left out", () => {
  const details = [
    { type: "reasoning.text", text: "Hm.", signature: "sig", format: "anthropic-claude-v1", index: 0 },
    { type: "reasoning.encrypted", data: "secret", format: "anthropic-claude-v1", index: 1 },
    { type: "reasoning.encrypted", data: "other", format: "google-gemini-v1" },
  ];
  const keptDetails = ask({
    messages: [...hello, { ...called, reasoning_details: details }, result],
    tools: [time],
    reasoning_effort: "low",
  });
  expect(keptDetails.body).toMatchObject({ thinking: { type: "enabled" } });
  expect(keptDetails.body.messages).toMatchObject([
    {},
    {
      content: [
        { type: "thinking", thinking: "Hm.", signature: "sig" },
        { type: "redacted_thinking", data: "secret" },
        { type: "tool_use" },
      ],
    },
    {},
  ]);
  const lost = ask({ messages: [...hello, called, result], tools: [time], reasoning_effort: "low" });
  expect(lost.body).not.toHaveProperty("thinking");
  expect(lost.warnings).toEqual([expect.stringContaining("reasoning_details")]);
});

test("sampling is fitted to the model, each change with a warning", () => {
  expect(ask({ temperature: 1.6 })).toMatchObject({
    body: { temperature: 1 },
    warnings: [expect.stringContaining("lowered")],
  });
  expect(ask({ temperature: 0.2, top_p: 0.9 })).toMatchObject({
    body: { temperature: 0.2 },
    warnings: [expect.stringContaining("top_p")],
  });
  expect(ask({ temperature: 0.2, top_p: 0.9 }, OLD)).toMatchObject({
    body: { temperature: 0.2, top_p: 0.9 },
    warnings: [],
  });
  const newest = ask({ temperature: 0.2 }, ADAPTIVE);
  expect(newest.body).not.toHaveProperty("temperature");
  expect(newest.warnings).toHaveLength(1);
});

test("what Anthropic has no place for is named in a warning, unless it changes nothing", () => {
  expect(ask({ seed: 7, logit_bias: { "1": 5 } }).warnings).toEqual([
    expect.stringContaining("`seed`"),
    expect.stringContaining("`logit_bias`"),
  ]);
  expect(ask({ n: 1, presence_penalty: 0, logit_bias: {}, logprobs: false }).warnings).toEqual([]);
});

test("stop, user, limit and stream are carried over", () => {
  const { body } = ask({ stop: ["END", " "], user: "u1", max_completion_tokens: 5, max_tokens: 9, stream: true });
  expect(body).toMatchObject({ stop_sequences: ["END"], metadata: { user_id: "u1" }, max_tokens: 5, stream: true });
});

test("white space at the end of an assistant's last turn, which Anthropic refuses, is cut", () => {
  expect(
    ask({ messages: [...hello, { role: "assistant", content: "The answer is (  \n" }] }).body.messages,
  ).toMatchObject([{}, { content: [{ text: "The answer is (" }] }]);
});

test.each([
  [{ n: 2 }, "unprocessable", "n"],
  [{ messages: [{ role: "system", content: "x" }] }, "unprocessable", "messages"],
  [{ messages: [{ role: "robot", content: "x" }] }, "invalid_request", "messages[0].role"],
  [{ tools: [{ type: "web_search" }] }, "unprocessable", "tools[0].type"],
  [{ functions: [{ name: "x" }] }, "unprocessable", "functions"],
  [{ tools: [time], tool_choice: "sometimes" }, "invalid_request", "tool_choice"],
  [{ reasoning_effort: "extreme" }, "invalid_request", "reasoning_effort"],
  [{ response_format: { type: "json_schema" } }, "invalid_request", "response_format.json_schema.schema"],
  [
    { messages: [{ ...called, tool_calls: [{ id: "a", function: { name: "f", arguments: "[1" } }] }] },
    "invalid_request",
    "messages[0].tool_calls[0].function.arguments",
  ],
  [{ messages: [{ role: "tool", content: "x" }] }, "invalid_request", "messages[0].tool_call_id"],
  [
    { messages: [{ role: "user", content: [{ type: "input_audio", input_audio: { data: "UklG", format: "wav" } }] }] },
    "unprocessable",
    "messages[0].content[0]",
  ],
  [
    { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/tiff;base64,AA" } }] }] },
    "unprocessable",
    "messages[0].content[0]",
  ],
])("a request that cannot be translated is refused with its place: %j", (request, code, param) => {
  expect(() => ask(request)).toThrow(expect.objectContaining({ code, details: { param } }));
});
