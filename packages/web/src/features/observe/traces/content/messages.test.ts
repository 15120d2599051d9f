import { expect, test } from "vitest";
import { messagesOf } from "./messages.ts";

test("OpenTelemetry's messages are read part by part", () => {
  const [message] =
    messagesOf([
      {
        role: "assistant",
        finish_reason: "tool_calls",
        parts: [
          { type: "reasoning", content: "I should look." },
          { type: "tool_call", id: "1", name: "look", arguments: { at: "it" } },
          { type: "uri", modality: "image", uri: "https://example.org/a.png" },
          { type: "strange", x: 1 },
        ],
      },
    ]) ?? [];
  expect(message).toEqual({
    role: "assistant",
    finish: "tool_calls",
    parts: [
      { kind: "reasoning", text: "I should look." },
      { kind: "call", id: "1", name: "look", arguments: { at: "it" } },
      { kind: "media", label: "image", address: "https://example.org/a.png", mimeType: "", data: "" },
      { kind: "other", value: { type: "strange", x: 1 } },
    ],
  });
});

test("OpenAI's messages are read too, with arguments and results that are JSON in text", () => {
  const messages = messagesOf({
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "Look" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "1", type: "function", function: { name: "look", arguments: '{"at":"it"}' } }],
      },
      { role: "tool", tool_call_id: "1", content: '{"seen":true}' },
    ],
  });
  expect(messages?.map(({ parts }) => parts)).toEqual([
    [
      { kind: "text", text: "Look" },
      { kind: "media", label: "image/png, 1 kB", address: "", mimeType: "image/png", data: "AAAA" },
    ],
    [{ kind: "call", id: "1", name: "look", arguments: { at: "it" } }],
    [{ kind: "result", id: "1", result: { seen: true } }],
  ]);
});

test("Anthropic's parts are read as well", () => {
  const [message] =
    messagesOf([
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm." },
          { type: "tool_use", id: "1", name: "look", input: { a: 1 } },
        ],
      },
    ]) ?? [];
  expect(message?.parts).toEqual([
    { kind: "reasoning", text: "Hm." },
    { kind: "call", id: "1", name: "look", arguments: { a: 1 } },
  ]);
});

test.each([[null], ["text"], [[]], [{ query: "x" }], [[{ id: 1 }]], [["a"]]])("%j holds no messages", (value) => {
  expect(messagesOf(value)).toBeUndefined();
});

test.each([
  [{ type: "blob", modality: "image", mime_type: "image/webp", content: "AAAA" }, "image/webp"],
  [{ type: "input_audio", input_audio: { data: "AAAA", format: "mp3" } }, "audio/mpeg"],
  [{ type: "image", source: { type: "base64", media_type: "image/jpeg", data: "AAAA" } }, "image/jpeg"],
])("the bytes of %j are stored with their type", (part, mimeType) => {
  const [message] = messagesOf([{ role: "user", content: [part] }]) ?? [];
  expect(message?.parts[0]).toMatchObject({ kind: "media", address: "", mimeType, data: "AAAA" });
});
