import { expect, test } from "vitest";
import { readJson, readObjects } from "./read-json.ts";

test.each([
  ["as it should be", '{"a": 1}', [{ a: 1 }]],
  ["between words and fences", 'Sure!\n```json\n{"a": [1, 2]}\n```\nHope it helps.', [{ a: [1, 2] }]],
  ["with commas too many", '{"a": [1, 2,], "b": "x",}', [{ a: [1, 2], b: "x" }]],
  [
    "with a line break and quotes in a text",
    '{"a": "one\ntwo \\d "three" four"}',
    [{ a: 'one\ntwo \\d "three" four' }],
  ],
  ["with curly quotes", "{“a”: “b”}", [{ a: "b" }]],
  [
    "with Python's constants, but not in texts",
    '{"a": True, "b": None, "c": "True"}',
    [{ a: true, b: null, c: "True" }],
  ],
  ["cut off in a text", '{"items": [{"q": "one"}, {"q": "tw', [{ items: [{ q: "one" }, { q: "tw" }] }]],
  ["cut off after a key", '{"a": 1, "b":', [{ a: 1 }]],
  ["behind thoughts", '<think>{"a": 0}</think>{"a": 1}', [{ a: 1 }]],
  ["one for each line", '{"a": 1}\n{"a": 2}', [{ a: 1 }, { a: 2 }]],
  ["behind a bracket that opens nothing", 'I [think] it is {"a": 1}', [{ a: 1 }]],
  ["not at all", "I cannot do that.", []],
  ["nested without end", "[".repeat(5_000), []],
])("a model's JSON is read %s", (_how, said, values) => {
  expect(readJson(said)).toEqual(values);
});

test("a text that is made to be read slowly is given up on", () => {
  const startedAt = performance.now();
  expect(readJson(`{"`.repeat(150_000))).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("items are found in a list, in the list of an object, or as one object", () => {
  for (const text of ['[{"a":1}]', '{"items":[{"a":1}]}', '{"questions":[{"a":1}]}', '{"a":1}'])
    expect(readObjects(text)).toEqual([{ a: 1 }]);
});
