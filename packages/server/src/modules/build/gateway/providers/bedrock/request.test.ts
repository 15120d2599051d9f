import type { ChatRequest } from "@treadle/contract";
import { expect, test } from "vitest";
import { toConverseBody } from "./request.ts";

const CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const NOVA = "amazon.nova-lite-v1:0";
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
