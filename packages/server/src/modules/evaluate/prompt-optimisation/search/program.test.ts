import { PromptContent } from "@treadle/contract";
import { expect, test } from "vitest";
import { findLeaks } from "../run/contamination.ts";
import { splitItems } from "../run/split-items.ts";
import { readReflection, writeReflection } from "../run/write-reflection.ts";
import { changesBetween, contentOf, isPlain, keyOf, lengthOf, programOf, refusalOf } from "./program.ts";

const chat = PromptContent.parse({
  type: "chat",
  messages: [
    { role: "system", content: "Be kind." },
    { placeholder: "history" },
    { role: "user", content: "{{question}}" },
  ],
});
const example = { itemId: "i", question: "1 + 1?", answer: "2" };

test("texts with words are rewritten, and examples come before the question", () => {
  expect(programOf(chat)).toEqual({ texts: ["Be kind."], examples: [] });
  const content = contentOf(chat, { texts: ["Be brief."], examples: [example] });
  expect(content).toMatchObject({
    messages: [
      { role: "system", content: "Be brief." },
      { placeholder: "history" },
      { role: "user", content: "1 + 1?" },
      { role: "assistant", content: "2" },
      { role: "user", content: "{{question}}" },
    ],
  });
  expect(changesBetween(chat, content)).toEqual(
    [
      { message: 0, before: "Be kind.", after: "Be brief." },
      { message: 1, before: "{{history}}", after: "{{history}}" },
      { message: 2, before: "", after: "1 + 1?" },
      { message: 3, before: "", after: "2" },
    ].filter(({ before, after }) => before !== after),
  );
  expect(contentOf(chat, programOf(chat))).toEqual(chat);
  expect(lengthOf(chat)).toBe(8 + 11 + 12);
});

test("a text prompt shows its examples first", () => {
  const text = PromptContent.parse({ type: "text", template: "Q: {{question}}" });
  const content = contentOf(text, { texts: ["Q: {{question}}!"], examples: [example] });
  expect(content).toMatchObject({ template: "Example:\n1 + 1?\nAnswer: 2\n\nQ: {{question}}!" });
});

test("a prompt of tags alone may be rewritten as it is", () => {
  const bare = PromptContent.parse({ type: "chat", messages: [{ role: "user", content: "{{ question }}" }] });
  expect(programOf(bare).texts).toEqual(["{{ question }}"]);
});

test("a new text asks for the same inputs", () => {
  expect(refusalOf("Say {{a}}", "Tell {{ a }}")).toBeNull();
  expect(refusalOf("Say {{a}}", "Tell")).toContain("{{a}}");
  expect(refusalOf("Say {{a}}", "Tell {{a}} {{b}}")).toContain("{{b}}");
  expect(refusalOf("Say", " ")).toContain("empty");
  expect(refusalOf("Say", "Say ")).toContain("the same as the old text");
  expect(isPlain("a { b }")).toBe(true);
  expect(isPlain("a {{b}}")).toBe(false);
});

test("programs that say the same have the same key, whatever items their examples are of", () => {
  const program = { texts: ["a"], examples: [example] };
  expect(keyOf(program)).toBe(keyOf({ texts: ["a"], examples: [{ ...example, itemId: "other" }] }));
  expect(keyOf(program)).not.toBe(keyOf({ texts: ["a"], examples: [] }));
});

const item = (itemId: string, question: string, expected: unknown = null) => ({
  itemId,
  inputs: { question },
  expected,
  metadata: {},
});

test("a rewrite is requested with the text, the answers and the scorers' reasons, and read from its fences", () => {
  const program = { texts: ["Answer {{question}}"], examples: [] };
  const outcome = { itemId: "i", score: 0, feedback: "exact-match: 0. It is too long." };
  const rest = { output: "Two, I think", tokens: null, costUsd: null, latencyMs: null };
  const asked = { program, at: 0, seen: [{ item: item("i", "1 + 1?", "2"), outcome: { ...outcome, ...rest } }] };
  const prompt = String(writeReflection(asked)[0]?.content);
  for (const words of ["Answer {{question}}", "1 + 1?", "Two, I think", "It is too long.", "## Expected\n2"])
    expect(prompt).toContain(words);
  expect(readReflection("It was too long.\n```text\nAnswer {{question}} in a word.\n```\nDone", asked)).toEqual({
    kind: "text",
    text: "Answer {{question}} in a word.",
    reflection: "It was too long.",
  });
  expect(readReflection("```\nUse ```js``` for {{question}}\n```", asked)).toMatchObject({
    text: "Use ```js``` for {{question}}",
  });
  expect(readReflection("I cannot.", asked)).toMatchObject({ kind: "refused", reflection: "I cannot." });
  expect(readReflection("```\nAnswer it\n```", asked)).toMatchObject({ kind: "refused" });
});

async function* each<Value>(values: readonly Value[]) {
  yield* values;
}

test("an item stays in its third, whatever comes to the dataset, and equal questions are in one", async () => {
  const sizes = { feedback: 500, selection: 500, test: 500 };
  const items = Array.from({ length: 300 }, (_, at) => item(`i${at}`, `Question ${at}`));
  const twins = items.map(({ itemId, inputs }) => item(`twin ${itemId}`, inputs.question));
  const before = await splitItems(each(items), sizes);
  const after = await splitItems(each([...twins, ...items].reverse()), sizes);
  for (const part of ["feedback", "selection", "test"] as const) {
    expect(before[part].length).toBeGreaterThan(70);
    const ids = new Set(after[part].map(({ itemId }) => itemId));
    for (const { itemId } of before[part]) expect(ids.has(itemId) && ids.has(`twin ${itemId}`)).toBe(true);
  }
  const few = await splitItems(each(items), { feedback: 3, selection: 4, test: 5 });
  expect([few.feedback.length, few.selection.length, few.test.length]).toEqual([3, 4, 5]);
  expect(before.test.slice(0, 5)).toEqual(few.test);
});

test("a prompt that holds a test item's text is found out; names of classes give nothing away", () => {
  const items = [
    item("a", "What is the capital of the country of France?", "The city of Paris"),
    item("b", "Short?", "refund request"),
    item("c", "Short too?", "refund request"),
  ];
  expect(findLeaks("Know that it is the  CITY of paris. Say refund request.", "", items)).toEqual(["a"]);
  expect(findLeaks("what is the capital of the country of france?", "", items)).toEqual(["a"]);
  expect(findLeaks("The city of Paris", "the city of paris", items)).toEqual([]);
});
