import { describe, expect, test } from "vitest";
import { mapTexts } from "./map-texts.ts";
import type { Place } from "./text-visitor.ts";

/** The texts of a request with their trust and place, and the content that is no text. */
function read(format: string, request: Readonly<Record<string, unknown>>) {
  const seen: string[] = [];
  const text = (value: string, { trust, path }: Place) => {
    seen.push(`${trust} ${path}: ${value}`);
    return value.replace("secret", "xxx");
  };
  const unknown = ({ trust, path }: Place) => void seen.push(`${trust} ${path}?`);
  return { changed: mapTexts(format, request, { text, unknown }), seen };
}

describe("the texts of a request are found by their trust", () => {
  test("in chat completions", () => {
    const { seen } = read("chat", {
      messages: [
        { role: "developer", content: "a" },
        {
          role: "user",
          content: [
            { type: "text", text: "b" },
            { type: "image_url", image_url: { url: "https://x" } },
          ],
        },
        {
          role: "assistant",
          content: null,
          refusal: "c",
          tool_calls: [
            { function: { name: "f", arguments: '{"d":["e\\u0066"],"g":123456789,"h":1}' } },
            { type: "custom", custom: { name: "g", input: "i" } },
          ],
        },
        { role: "tool", content: "j" },
        { role: "someone", content: ["k"] },
      ],
    });
    expect(seen).toEqual([
      "system messages.0.content: a",
      "user messages.1.content.0: b",
      "user messages.1.content.1?",
      "output messages.2.refusal: c",
      "tool-arguments messages.2.tool_calls.0.function.arguments.d.0: ef",
      "tool-arguments messages.2.tool_calls.0.function.arguments.g: 123456789",
      "tool-arguments messages.2.tool_calls.1.custom.input: i",
      "tool-result messages.3.content: j",
      "user messages.4.content.0: k",
    ]);
  });

  test("in messages, where documents and search results are retrieved", () => {
    const { seen } = read("messages", {
      system: [{ type: "text", text: "a" }],
      messages: [
        {
          role: "user",
          content: [
            { type: "document", title: "b", source: { type: "text", data: "c" } },
            { type: "document", source: { type: "base64", data: "AAAA" } },
            { type: "search_result", title: "d", content: [{ type: "text", text: "e" }] },
            { type: "tool_result", content: [{ type: "text", text: "f" }, { type: "image" }] },
            { type: "tool_result", content: "g" },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "h", signature: "s" },
            { type: "redacted_thinking", data: "zzz" },
            { type: "tool_use", input: { i: "j" } },
          ],
        },
      ],
    });
    expect(seen).toEqual([
      "system system.0: a",
      "retrieved messages.0.content.0.title: b",
      "retrieved messages.0.content.0.source: c",
      "retrieved messages.0.content.1.source?",
      "retrieved messages.0.content.2.title: d",
      "retrieved messages.0.content.2.content.0: e",
      "tool-result messages.0.content.3.content.0: f",
      "tool-result messages.0.content.3.content.1?",
      "tool-result messages.0.content.4.content: g",
      "output messages.1.content.0: h",
      "tool-arguments messages.1.content.2.input.i: j",
    ]);
  });

  test("in responses", () => {
    const { seen } = read("responses", {
      instructions: "a",
      input: [
        { role: "user", content: "b" },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "c" }] },
        { type: "function_call", arguments: '{"d":"e"}' },
        { type: "function_call_output", output: "f" },
        { type: "custom_tool_call", input: "g" },
        { type: "custom_tool_call_output", output: [{ type: "input_text", text: "h" }] },
        { type: "reasoning", summary: [{ type: "summary_text", text: "i" }] },
        { type: "computer_call" },
      ],
    });
    expect(seen).toEqual([
      "system instructions: a",
      "user input.0.content: b",
      "output input.1.content.0: c",
      "tool-arguments input.2.arguments.d: e",
      "tool-result input.3.output: f",
      "tool-arguments input.4.input: g",
      "tool-result input.5.output.0: h",
      "output input.6.summary.0: i",
      "user input.7?",
    ]);
  });

  test("in completions and embeddings, where numbers of tokens are no text", () => {
    expect(read("completions", { prompt: "a", suffix: "b" }).seen).toEqual(["user prompt: a", "user suffix: b"]);
    expect(read("embeddings", { input: ["a", "b"] }).seen).toEqual(["user input.0: a", "user input.1: b"]);
    expect(read("embeddings", { input: [1, 2] }).seen).toEqual(["user input?"]);
  });
});

test("a request in which nothing changes is the same object, and a changed one is a copy", () => {
  const plain = { model: "m", messages: [{ role: "user", content: [{ type: "text", text: "a" }] }] };
  expect(read("chat", plain).changed).toBe(plain);
  const request = { model: "m", messages: [{ role: "user", content: "a secret" }, plain.messages[0]] };
  const { changed } = read("chat", request);
  expect(changed).toEqual({ model: "m", messages: [{ role: "user", content: "a xxx" }, plain.messages[0]] });
  expect(request.messages[0]).toEqual({ role: "user", content: "a secret" });
});

test("arguments that are not JSON are read as a text", () => {
  const messages = [{ role: "assistant", tool_calls: [{ function: { name: "f", arguments: '{"a":"secret' } }] }];
  expect(read("chat", { messages }).changed).toMatchObject({
    messages: [{ tool_calls: [{ function: { arguments: '{"a":"xxx' } }] }],
  });
});
