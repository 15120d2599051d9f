import { expect, test } from "vitest";
import type { Place } from "./text-visitor.ts";
import { readStoredTexts } from "./trace-messages.ts";

function read(content: { input?: unknown; output?: unknown }) {
  const seen: string[] = [];
  readStoredTexts(
    { input: null, output: null, ...content },
    {
      text(value: string, { trust, path }: Place) {
        seen.push(`${trust} ${path}: ${value}`);
        return value;
      },
      unknown: ({ trust, path }) => void seen.push(`${trust} ${path}?`),
    },
  );
  return seen;
}

test("the messages of a span are read by their sources", () => {
  const input = [
    { role: "system", parts: [{ type: "text", content: "a" }] },
    {
      role: "user",
      parts: [
        { type: "text", content: "b" },
        { type: "uri", modality: "image", uri: "https://x" },
      ],
    },
    {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "c" },
        { type: "refusal", content: "d" },
        { type: "tool_call", id: "1", name: "f", arguments: { e: ["f"], g: 123456789, h: 1 } },
        { type: "tool_call", id: "2", name: "f", arguments: '{"i":"j\\u006b"}' },
        { type: "tool_call", id: "3", name: "f", arguments: "{broken" },
      ],
    },
    { role: "tool", parts: [{ type: "tool_call_response", id: "1", response: "l" }] },
    {
      role: "tool",
      parts: [{ type: "tool_call_response", id: "2", response: [{ type: "text", text: "m" }, { type: "image_url" }] }],
    },
    { role: "tool", parts: [{ type: "tool_call_response", id: "3", response: { n: "o" } }] },
  ];
  const output = [{ role: "assistant", parts: [{ type: "text", content: "p" }], finish_reason: "stop" }];
  expect(read({ input, output })).toEqual([
    "system input.0.parts.0.content: a",
    "user input.1.parts.0.content: b",
    "user input.1.parts.1?",
    "output input.2.parts.0.content: c",
    "output input.2.parts.1.content: d",
    "tool-arguments input.2.parts.2.arguments.e.0: f",
    "tool-arguments input.2.parts.2.arguments.g: 123456789",
    "tool-arguments input.2.parts.3.arguments.i: jk",
    "tool-arguments input.2.parts.4.arguments: {broken",
    "tool-result input.3.parts.0.response: l",
    "tool-result input.4.parts.0.response.0: m",
    "tool-result input.4.parts.0.response.1?",
    "tool-result input.5.parts.0.response.n: o",
    "output output.0.parts.0.content: p",
  ]);
});

test("inputs of embeddings are read, and tokens are content that cannot be read", () => {
  expect(read({ input: "a" })).toEqual(["user input: a"]);
  expect(read({ input: ["a", "b"] })).toEqual(["user input.0: a", "user input.1: b"]);
  expect(read({ input: [1, 2] })).toEqual(["user input?"]);
  expect(read({ input: [[1], [2]] })).toEqual(["user input.0?", "user input.1?"]);
});

test("a request that is stored as it was sent is read as a whole", () => {
  const input = [{ role: "assistant", content: [{ text: "a", odd: { b: "c" } }] }];
  expect(read({ input })).toEqual([
    "output input.0.role: assistant",
    "output input.0.content.0.text: a",
    "output input.0.content.0.odd.b: c",
  ]);
  expect(read({ input: { a: "b" } })).toEqual(["user input.a: b"]);
});

test("a span without content has no texts", () => {
  expect(read({})).toEqual([]);
});
