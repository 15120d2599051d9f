import { expect, test } from "vitest";
import { expectedText, inputText, sourceWords } from "./item-text.ts";

test("an item reads as what is asked in it", () => {
  const messages = [
    { role: "system", content: "Be kind" },
    { role: "user", content: "Where is my parcel?" },
    { role: "assistant", content: "On its way" },
  ];
  expect(inputText({ messages })).toBe("Where is my parcel?");
  expect(inputText({ prompt: "Add 2 and 2" })).toBe("Add 2 and 2");
  expect(inputText({ question: "Why?", context: { page: 1 } })).toBe('question: Why? · context: {"page":1}');
  expect(inputText({ messages: [{ role: "user", content: [{ type: "text", text: "See" }] }] })).toBe("See");
  expect(inputText({ prompt: "x".repeat(2_000) })).toHaveLength(601);
});

test("what is expected reads as the answer, whichever shape it has", () => {
  const say = (content: string) => [{ role: "assistant", content }];
  expect(expectedText(null)).toBe("");
  expect(expectedText("card_arrival")).toBe("card_arrival");
  expect(expectedText({ role: "assistant", content: "Four" })).toBe("Four");
  expect(expectedText({ chosen: say("good"), rejected: say("bad") })).toBe("good");
  expect(expectedText({ completion: say("fine"), label: true })).toBe("fine");
  expect(expectedText({ label: 3 })).toBe('{"label":3}');
  const call = { id: "1", type: "function", function: { name: "track", arguments: "{}" } };
  expect(expectedText({ role: "assistant", content: null, tool_calls: [call] })).toBe("calls track");
});

test("a source is named by what leads back to it", () => {
  expect(sourceWords({ kind: "file", file: "a.jsonl", line: 7 })).toBe("a.jsonl, line 7");
  expect(sourceWords({ kind: "synthetic", model: "gpt" })).toBe("made by gpt");
  expect(sourceWords({ kind: "manual" })).toBe("by hand");
  expect(sourceWords({ kind: "trace", traceId: "1" })).toBe("trace");
});
