import { readFileSync } from "node:fs";
import type { ChatRequest } from "@treadle/contract";
import { expect, test } from "vitest";
import { toGeminiBody } from "./request.ts";
import { readGeminiResponse } from "./response.ts";

const hello = [{ role: "user", content: "Hello" }];
const ask = (request: Partial<ChatRequest>, model = "gemini-2.5-flash") =>
  toGeminiBody(model, { model: "x", messages: hello, ...request });
const weather = {
  type: "function",
  function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};
const time = { type: "function", function: { name: "get_time", parameters: { type: "object", properties: {} } } };

test("a conversation is translated: system apart, media, calls and their results by name and id", () => {
  const { body, warnings } = ask({
    messages: [
      { role: "system", content: "Be brief." },
      { role: "developer", content: "Rules." },
      {
        role: "user",
        content: [
          { type: "text", text: "See" },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBOR" } },
          { type: "image_url", image_url: { url: "https://example.com/a.jpg" } },
          { type: "input_audio", input_audio: { data: "UklG", format: "wav" } },
        ],
      },
      {
        role: "assistant",
        content: "Looking.",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "get_weather", arguments: '{"city":"Paris"}' } },
          { id: "c2", type: "function", function: { name: "get_time", arguments: "{}" } },
        ],
      },
      { role: "tool", tool_call_id: "c1", content: '{"sky":"grey"}' },
      { role: "tool", tool_call_id: "c2", content: "no clock", is_error: true },
    ],
    tools: [weather, time],
    tool_choice: "required",
  });
  expect(warnings).toEqual([]);
  expect(body).toEqual({
    systemInstruction: { parts: [{ text: "Be brief.\n\nRules." }] },
    contents: [
      {
        role: "user",
        parts: [
          { text: "See" },
          { inlineData: { mimeType: "image/png", data: "iVBOR" } },
          { fileData: { fileUri: "https://example.com/a.jpg", mimeType: "image/jpeg" } },
          { inlineData: { mimeType: "audio/wav", data: "UklG" } },
        ],
      },
      {
        role: "model",
        parts: [
          { text: "Looking." },
          { functionCall: { id: "c1", name: "get_weather", args: { city: "Paris" } } },
          { functionCall: { id: "c2", name: "get_time", args: {} } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "c1", name: "get_weather", response: { sky: "grey" } } },
          { functionResponse: { id: "c2", name: "get_time", response: { error: "no clock" } } },
        ],
      },
    ],
    tools: [
      {
        functionDeclarations: [
          { name: "get_weather", parameters: { type: "OBJECT", properties: { city: { type: "STRING" } } } },
          { name: "get_time" },
        ],
      },
    ],
    toolConfig: { functionCallingConfig: { mode: "ANY" } },
  });
});

test("parameters become the generation config", () => {
  const { body, warnings } = ask({
    temperature: 3,
    top_p: 0.9,
    top_k: 40,
    max_tokens: 100,
    stop: ["A", "B"],
    seed: 7,
    n: 2,
    presence_penalty: 0.5,
    logprobs: true,
    top_logprobs: 2,
    response_format: {
      type: "json_schema",
      json_schema: { name: "t", schema: { type: "object", properties: { n: { type: "integer" } } } },
    },
  });
  expect(body.generationConfig).toEqual({
    temperature: 2,
    topP: 0.9,
    topK: 40,
    maxOutputTokens: 100,
    stopSequences: ["A", "B"],
    seed: 7,
    candidateCount: 2,
    presencePenalty: 0.5,
    responseLogprobs: true,
    logprobs: 2,
    responseMimeType: "application/json",
    responseSchema: { type: "OBJECT", properties: { n: { type: "INTEGER" } } },
  });
  expect(warnings).toEqual([expect.stringContaining("temperature")]);
  expect(ask({}).body).not.toHaveProperty("generationConfig");
});

test.each([
  { model: "gemini-2.5-flash", effort: "none", config: { thinkingBudget: 0 }, warnings: 0 },
  { model: "gemini-2.5-pro", effort: "none", config: { thinkingBudget: 128 }, warnings: 1 },
  {
    model: "gemini-2.5-flash",
    effort: "medium",
    config: { thinkingBudget: 8_192, includeThoughts: true },
    warnings: 0,
  },
  {
    model: "gemini-3-pro-preview",
    effort: "high",
    config: { thinkingLevel: "HIGH", includeThoughts: true },
    warnings: 0,
  },
  { model: "gemini-3-flash", effort: "none", config: { thinkingLevel: "MINIMAL" }, warnings: 1 },
  { model: "gemini-2.0-flash", effort: "high", config: undefined, warnings: 1 },
])("$model with effort $effort thinks as it can", ({ model, effort, config, warnings }) => {
  const { body, warnings: given } = ask({ reasoning_effort: effort }, model);
  expect(body.generationConfig).toEqual(config && { thinkingConfig: config });
  expect(given).toHaveLength(warnings);
});

test("one named tool and a list of allowed tools are respected", () => {
  const one = ask({ tools: [weather, time], tool_choice: { type: "function", function: { name: "get_time" } } });
  expect(one.body.toolConfig).toEqual({ functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["get_time"] } });
  expect(ask({ tools: [weather, time], tool_choice: "none" }).body.toolConfig).toEqual({
    functionCallingConfig: { mode: "NONE" },
  });
});

const functionCall = readFileSync(new URL("../../fixtures/gemini/function-call.json", import.meta.url));

test("signatures go back on the very parts they came with, and Gemini 3 gets a stand-in for calls of other models", () => {
  const first = readGeminiResponse(functionCall, { model: "m", now: 0 }).choices[0]?.message;
  const messages = [...hello, { ...first, role: "assistant" }];
  const { body } = ask({ messages }, "gemini-3-pro-preview");
  expect(body.contents).toMatchObject([
    {},
    {
      parts: [
        { functionCall: { name: "get_weather" }, thoughtSignature: "CpcHAdHtim9+q4rstcbvQC0ic4x1" },
        { functionCall: { name: "get_time", id: "fn-2" } },
      ],
    },
  ]);
  const { reasoning_details: _, ...unsigned } = { ...first, role: "assistant" };
  const parts = (model: string) => JSON.stringify(ask({ messages: [...hello, unsigned] }, model).body.contents);
  expect(parts("gemini-3-pro-preview")).toContain('"thoughtSignature":"skip_thought_signature_validator"');
  expect(parts("gemini-2.5-flash")).not.toContain("thoughtSignature");
});

test("a signature is also read where Google's OpenAI-compatible API puts it", () => {
  const call = {
    id: "a",
    type: "function",
    function: { name: "f", arguments: "{}" },
    extra_content: { google: { thought_signature: "SIG" } },
  };
  expect(
    ask({ messages: [...hello, { role: "assistant", content: null, tool_calls: [call] }] }).body.contents,
  ).toMatchObject([{}, { parts: [{ thoughtSignature: "SIG" }] }]);
});

test.each([
  [{ stop: ["a", "b", "c", "d", "e", "f"] }, "unprocessable", "stop"],
  [{ messages: [{ role: "system", content: "x" }] }, "unprocessable", "messages"],
  [
    { messages: [{ role: "tool", tool_call_id: "nobody", content: "x" }] },
    "invalid_request",
    "messages[0].tool_call_id",
  ],
  [{ messages: [{ role: "robot" }] }, "invalid_request", "messages[0].role"],
  [{ tools: [{ type: "function", function: {} }] }, "invalid_request", "tools[0].function.name"],
])("a request that cannot be translated is refused with its place: %j", (request, code, param) => {
  expect(() => ask(request)).toThrow(expect.objectContaining({ code, details: { param } }));
});
