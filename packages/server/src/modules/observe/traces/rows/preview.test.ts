import { expect, test } from "vitest";
import { previewInput, previewOutput } from "./preview.ts";

const messageOf = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });

test("an input shows the last thing the user said", () => {
  expect(
    previewInput([
      messageOf("system", "Be kind."),
      messageOf("user", "Hello"),
      messageOf("assistant", "Hi"),
      messageOf("user", "Where  is\nmy order?"),
    ]),
  ).toBe("Where is my order?");
  expect(previewInput([{ role: "user", content: "as OpenAI writes it" }])).toBe("as OpenAI writes it");
  expect(previewInput([{ role: "user", content: [{ type: "text", text: "in parts" }, { type: "image_url" }] }])).toBe(
    "in parts",
  );
  expect(
    previewInput([
      messageOf("user", "call it"),
      { role: "tool", parts: [{ type: "tool_call_response", id: "1", response: { total: 3 } }] },
    ]),
  ).toBe("call it");
});

test("an output shows the assistant's text, or the tools it calls", () => {
  expect(previewOutput([{ ...messageOf("assistant", "It is on its way."), finish_reason: "stop" }])).toBe(
    "It is on its way.",
  );
  expect(
    previewOutput([
      { role: "assistant", parts: [{ type: "tool_call", id: "1", name: "get_order", arguments: { id: 7 } }] },
    ]),
  ).toBe('get_order({"id":7})');
  expect(
    previewOutput([
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "hm" },
          { type: "text", content: "Yes." },
        ],
      },
    ]),
  ).toBe("Yes.");
});

test("other values show as text or JSON, and nothing as nothing", () => {
  expect(previewInput("plain")).toBe("plain");
  expect(previewInput({ query: "returns" })).toBe('{"query":"returns"}');
  expect(previewInput(["one", "two"])).toBe("one · two");
  expect(previewInput(null)).toBe("");
  expect(previewInput(undefined)).toBe("");
  expect(previewInput([{ role: "user", parts: [null, 5, "x"] }])).toBe('[{"role":"user","parts":[null,5,"x"]}]');
});

test("a preview has at most 200 characters, never half of one", () => {
  expect(previewInput("x".repeat(1_000))).toHaveLength(200);
  expect(previewInput(`${"x".repeat(199)}😀`)).toBe("x".repeat(199));
  expect(previewInput("lone \uD83D surrogate")).toBe("lone \uFFFD surrogate");
});
