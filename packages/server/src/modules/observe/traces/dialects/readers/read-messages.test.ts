import { describe, expect, test } from "vitest";
import { readOutput } from "./read-content.ts";
import { holdsMessages, readMessages } from "./read-messages.ts";

const text = (content: string) => ({ type: "text", content });
const call = { type: "tool_call", id: "c1", name: "look", arguments: { at: "it" } };

describe("an assistant's tool call has the same form, whoever wrote it", () => {
  test.each<[string, unknown]>([
    ["OpenTelemetry", { role: "assistant", parts: [call] }],
    ["OpenTelemetry with arguments as a text", { role: "assistant", parts: [{ ...call, arguments: '{"at":"it"}' }] }],
    [
      "OpenAI",
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: '{"at":"it"}' } }],
      },
    ],
    ["OpenAI's responses", { type: "function_call", call_id: "c1", name: "look", arguments: '{"at":"it"}' }],
    ["Anthropic", { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "look", input: { at: "it" } }] }],
    ["Gemini", { role: "model", parts: [{ functionCall: { id: "c1", name: "look", args: { at: "it" } } }] }],
    ["Bedrock", { role: "assistant", content: [{ toolUse: { toolUseId: "c1", name: "look", input: { at: "it" } } }] }],
    [
      "the AI SDK",
      { role: "assistant", content: [{ type: "tool-call", toolCallId: "c1", toolName: "look", input: { at: "it" } }] },
    ],
    [
      "LangChain",
      {
        type: "ai",
        data: { content: "", tool_calls: [{ type: "tool_call", id: "c1", name: "look", args: { at: "it" } }] },
      },
    ],
    [
      "LangChain's constructors",
      {
        lc: 1,
        type: "constructor",
        id: ["langchain", "schema", "AIMessage"],
        kwargs: { content: "", tool_calls: [{ id: "c1", name: "look", args: { at: "it" } }] },
      },
    ],
  ])("%s", (_sender, message) => {
    expect(readMessages([message], "assistant")).toEqual([{ role: "assistant", parts: [call] }]);
  });
});

describe("a tool's result has the same form, whoever wrote it", () => {
  test.each<[string, unknown]>([
    ["OpenTelemetry", { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "seen" }] }],
    ["OpenAI", { role: "tool", tool_call_id: "c1", content: "seen" }],
    ["OpenAI's responses", { type: "function_call_output", call_id: "c1", output: "seen" }],
    [
      "the AI SDK",
      {
        role: "tool",
        content: [{ type: "tool-result", toolCallId: "c1", toolName: "look", output: { type: "text", value: "seen" } }],
      },
    ],
    ["LangChain", { type: "tool", content: "seen", tool_call_id: "c1" }],
  ])("%s", (_sender, message) => {
    const response = { type: "tool_call_response", id: "c1", response: "seen" };
    expect(readMessages([message], "user")).toEqual([{ role: "tool", parts: [response] }]);
  });

  test("Anthropic's comes in a message of the user", () => {
    const message = { role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: "seen" }] };
    expect(readMessages([message], "user")).toEqual([
      { role: "user", parts: [{ type: "tool_call_response", id: "c1", response: "seen" }] },
    ]);
  });
});

describe("media become blobs, addresses or files", () => {
  const png = { type: "blob", modality: "image", mime_type: "image/png", content: "aGk=" };
  const link = { type: "uri", modality: "image", uri: "https://example.test/a.png" };
  test.each<[string, unknown, unknown]>([
    ["OpenAI's data address", { type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } }, png],
    ["OpenAI's address", { type: "image_url", image_url: { url: "https://example.test/a.png" } }, link],
    ["the responses' image", { type: "input_image", image_url: "data:image/png;base64,aGk=" }, png],
    ["Anthropic's base64", { type: "image", source: { type: "base64", media_type: "image/png", data: "aGk=" } }, png],
    ["Anthropic's address", { type: "image", source: { type: "url", url: "https://example.test/a.png" } }, link],
    ["Gemini's", { inlineData: { mimeType: "image/png", data: "aGk=" } }, png],
    ["the AI SDK's file", { type: "file", mediaType: "image/png", data: "aGk=" }, png],
    ["the AI SDK's image", { type: "image", image: "data:image/png;base64,aGk=" }, png],
    [
      "a sound",
      { type: "input_audio", input_audio: { format: "mp3", data: "aGk=" } },
      { type: "blob", modality: "audio", mime_type: "audio/mp3", content: "aGk=" },
    ],
    [
      "a document",
      { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,aGk=" } },
      { type: "blob", modality: "document", mime_type: "application/pdf", content: "aGk=", name: "a.pdf" },
    ],
    [
      "an uploaded file",
      { type: "file", file: { file_id: "file-1" } },
      { type: "file", modality: "document", file_id: "file-1" },
    ],
    ["OpenTelemetry's own", link, link],
    ["a part nobody knows", { type: "hologram", depth: 3 }, { type: "hologram", depth: 3 }],
  ])("%s", (_name, part, expected) => {
    expect(readMessages([{ role: "user", content: [part] }], "user")).toEqual([{ role: "user", parts: [expected] }]);
  });
});

test("a model's reasoning and refusals are distinguished from its text", () => {
  expect(
    readMessages(
      [
        { role: "assistant", reasoning_content: "hm", content: "yes" },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "hm" },
            { type: "text", text: "yes" },
          ],
        },
        { role: "assistant", content: null, refusal: "no" },
        { type: "reasoning", summary: [{ type: "summary_text", text: "hm" }] },
        { role: "model", parts: [{ text: "hm", thought: true }] },
      ],
      "assistant",
    ),
  ).toEqual([
    { role: "assistant", parts: [{ type: "reasoning", content: "hm" }, text("yes")] },
    { role: "assistant", parts: [{ type: "reasoning", content: "hm" }, text("yes")] },
    { role: "assistant", parts: [{ type: "refusal", content: "no" }] },
    { role: "assistant", parts: [{ type: "reasoning", content: "hm" }] },
    { role: "assistant", parts: [{ type: "reasoning", content: "hm" }] },
  ]);
});

test("instructions apart from the messages come first", () => {
  const expected = [
    { role: "system", parts: [text("be brief")] },
    { role: "user", parts: [text("hi")] },
  ];
  for (const request of [
    { system: "be brief", messages: [{ role: "user", content: "hi" }] },
    {
      system: [{ type: "text", text: "be brief" }],
      messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
    },
    { instructions: "be brief", input: "hi" },
    { systemInstruction: { parts: [{ text: "be brief" }] }, contents: [{ role: "user", parts: [{ text: "hi" }] }] },
    { system: "be brief", prompt: "hi" },
  ])
    expect(readMessages(request, "user")).toEqual(expected);
});

test("a plain text is a message of the expected role", () => {
  expect(readMessages("hi", "user")).toEqual([{ role: "user", parts: [text("hi")] }]);
  expect(readMessages(["a", "b"], "user")).toHaveLength(2);
  expect(readMessages("", "user")).toBeUndefined();
  expect(readMessages({ city: "Paris" }, "user")).toBeUndefined();
  expect(readMessages(7, "user")).toBeUndefined();
});

test("a finish reason stays with its message", () => {
  const choice = { index: 0, finish_reason: "length", message: { role: "assistant", content: "Par" } };
  expect(readMessages({ choices: [choice] }, "assistant")).toEqual([
    { role: "assistant", parts: [text("Par")], finish_reason: "length" },
  ]);
});

test("arguments of a tool are not taken for messages", () => {
  expect(holdsMessages({ city: "Paris", input: "x" })).toBe(false);
  expect(holdsMessages([])).toBe(false);
  expect(holdsMessages({ messages: [{ role: "user", content: "hi" }] })).toBe(true);
});

test("a name of JavaScript's own in a message changes nothing", () => {
  const message = JSON.parse('{"role":"constructor","content":"hi","__proto__":{"parts":[]}}');
  expect(readMessages([message], "user")).toEqual([{ role: "constructor", parts: [text("hi")] }]);
});

test("a single message in the output of a tool or chain is read, however it is wrapped", () => {
  const kwargs = { content: "Sunny in Paris", tool_call_id: "call_0", name: "get_weather" };
  const answer = { lc: 1, type: "constructor", id: ["langchain_core", "messages", "ToolMessage"], kwargs };
  expect(readOutput("tool", { output: answer })).toBe("Sunny in Paris");
  const serialized = {
    lc: 1,
    type: "constructor",
    id: ["langchain_core", "messages", "AIMessage"],
    kwargs: { content: "hi" },
  };
  expect(readOutput("chain", { output: serialized })).toEqual([
    { role: "assistant", parts: [{ type: "text", content: "hi" }] },
  ]);
  expect(readOutput("tool", { output: { temperature: 20 } })).toEqual({ output: { temperature: 20 } });
});
