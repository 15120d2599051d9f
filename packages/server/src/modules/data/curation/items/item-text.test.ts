import { expect, test } from "vitest";
import { allParts, answerParts, canonicalJson, promptParts, textOf } from "./item-text.ts";

const system = { role: "system", content: "Be short." };
const question = { role: "user", content: "Where is my card?" };
const answer = { role: "assistant", content: "On its way." };

test("a conversation without a separate expected answer is split before its last answer", () => {
  const item = { inputs: { messages: [system, question, answer] }, expected: null };
  expect(promptParts(item).map(({ role }) => role)).toEqual(["system", "user"]);
  expect(answerParts(item)).toEqual([{ role: "assistant", text: "On its way." }]);
});

test("a conversation that a person ends has no answer", () => {
  const item = { inputs: { messages: [question] }, expected: null };
  expect(textOf(item, "prompt")).toBe("Where is my card?");
  expect(answerParts(item)).toEqual([]);
});

test("all messages are inputs when the expected answer is separate", () => {
  const item = { inputs: { messages: [question, answer, question] }, expected: answer };
  expect(promptParts(item)).toHaveLength(3);
  expect(textOf(item, "answer")).toBe("On its way.");
});

test("a spoken text is without what the system says", () => {
  const item = { inputs: { messages: [system, question] }, expected: answer };
  expect(textOf(item, "all", { isSpoken: true })).toBe("Where is my card?\nOn its way.");
});

test("fields of a table are ordered by name, whatever their original order", () => {
  const item = { inputs: { question: "Why?", context: "Because.", level: 3 }, expected: "label" };
  expect(allParts(item)).toEqual([
    { role: "context", text: "Because." },
    { role: "level", text: "3" },
    { role: "question", text: "Why?" },
    { role: "assistant", text: "label" },
  ]);
});

test("both sides of a preference are answers, and the rejected one says so", () => {
  const item = {
    inputs: { messages: [question] },
    expected: { chosen: [answer], rejected: [{ ...answer, content: "No." }] },
  };
  expect(answerParts(item)).toEqual([
    { role: "assistant", text: "On its way." },
    { role: "rejected", text: "No." },
  ]);
});

test("pieces of a message are read: texts, calls of tools, and the hash of what is not text", () => {
  const image = { type: "image_url", image_url: { url: `data:image/png;base64,${"A".repeat(1_000)}` } };
  const call = { id: "1", type: "function", function: { name: "find", arguments: '{"id":7}' } };
  const item = {
    inputs: { messages: [{ role: "user", content: [{ type: "text", text: "Look" }, image] }] },
    expected: { role: "assistant", content: null, tool_calls: [call] },
  };
  expect(textOf(item, "prompt")).toMatch(/^Look\n\[[0-9a-f]{64}\]$/);
  expect(textOf(item, "answer")).toBe('find({"id":7})');
});

test("equal values give equal JSON", () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
});
