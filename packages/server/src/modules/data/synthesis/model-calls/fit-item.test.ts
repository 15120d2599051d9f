import { expect, test } from "vitest";
import { fitItem } from "./fit-item.ts";

const question = { inputs: { question: "q", level: 1 }, expected: "a" };
const chat = {
  inputs: { messages: [{ role: "user", content: "hi" }], tools: [{ type: "function" }] },
  expected: { role: "assistant", content: "hello" },
};

test("an object with the seed's fields is an item, and its other fields are removed", () => {
  const raw = { inputs: { question: " What? ", level: "2", mood: "glad" }, expected: "That.", id: 4 };
  expect(fitItem(raw, question)).toEqual({ inputs: { question: "What?", level: 2 }, expected: "That." });
});

test("fields without `inputs` around them, and an answer under another name, are understood", () => {
  expect(fitItem({ question: "What?", level: 2, answer: 5 }, question)).toEqual({
    inputs: { question: "What?", level: 2 },
    expected: "5",
  });
  expect(fitItem({ prompt: "What?", output: "That." }, { inputs: { text: "q" }, expected: "a" })).toEqual({
    inputs: { text: "What?" },
    expected: "That.",
  });
});

test("a text stands for a conversation, and a text for a message; tools are the seed's", () => {
  expect(fitItem({ inputs: { messages: "Who are you?" }, expected: "Treadle." }, chat)).toEqual({
    inputs: { messages: [{ role: "user", content: "Who are you?" }], tools: [{ type: "function" }] },
    expected: { role: "assistant", content: "Treadle." },
  });
});

test.each([
  ["no object", "What?"],
  ["a missing field", { inputs: { question: "What?" }, expected: "a" }],
  ["an empty text", { inputs: { question: " ", level: 1 }, expected: "a" }],
  ["another kind", { inputs: { question: "What?", level: "high" }, expected: "a" }],
  ["no answer", { inputs: { question: "What?", level: 1 } }],
])("%s is no item", (_what, raw) => {
  expect(fitItem(raw, question)).toBeNull();
});

test("nothing is expected where the seed expects nothing, or a pair of answers", () => {
  const raw = { inputs: { question: "What?" }, expected: "x" };
  expect(fitItem(raw, { inputs: { question: "q" }, expected: null })?.expected).toBeNull();
  expect(fitItem(raw, { inputs: { question: "q" }, expected: { chosen: [], rejected: [] } })?.expected).toBeNull();
});
