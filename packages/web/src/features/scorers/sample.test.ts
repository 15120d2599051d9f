import { expect, test } from "vitest";
import { fieldsFor, NOTHING_TYPED, readSample } from "./sample.ts";

test("a kind is asked for what it looks at, and for no more", () => {
  expect(fieldsFor({ needs: [], group: "cost" })).toEqual(["output"]);
  expect(fieldsFor({ needs: [], group: "text" })).toEqual(["output", "expected"]);
  expect(fieldsFor({ needs: ["judge", "documents"], group: "rag" })).toEqual([
    "input",
    "output",
    "expected",
    "documents",
  ]);
  expect(fieldsFor({ needs: ["tools"], group: "agent" })).toEqual(["output", "expected", "toolCalls"]);
});

test("what is left empty is not there, JSON is read, and a number stays the text it was", () => {
  expect(readSample({ ...NOTHING_TYPED, output: "42", expected: "42" })).toEqual({
    sample: { input: null, output: "42", expected: "42" },
  });
  expect(readSample({ ...NOTHING_TYPED, output: "x", expected: '{"a":1}', documents: "one\n\n two" })).toEqual({
    sample: { input: null, output: "x", expected: { a: 1 }, documents: ["one", "two"] },
  });
});

test("tool calls that are not a list of calls are named as the problem", () => {
  expect(readSample({ ...NOTHING_TYPED, toolCalls: "{" })).toMatchObject({ problem: { field: "toolCalls" } });
  expect(readSample({ ...NOTHING_TYPED, toolCalls: "[1]" })).toMatchObject({ problem: { field: "toolCalls" } });
  expect(readSample({ ...NOTHING_TYPED, toolCalls: '[{"name":"search","arguments":{}}]' })).toMatchObject({
    sample: { toolCalls: [{ name: "search" }] },
  });
});

test("metadata is an object, and a kind that reads a text with a model is asked what it is about", () => {
  expect(fieldsFor({ needs: ["metadata"], group: "safety" })).toEqual(["output", "expected", "metadata"]);
  expect(fieldsFor({ needs: ["local-model"], group: "text" })).toEqual(["input", "output", "expected"]);
  expect(readSample({ ...NOTHING_TYPED, metadata: '{"canary":"quillfeather"}' })).toMatchObject({
    sample: { metadata: { canary: "quillfeather" } },
  });
  for (const metadata of ["{", "[]", "4"])
    expect(readSample({ ...NOTHING_TYPED, metadata })).toMatchObject({ problem: { field: "metadata" } });
});
