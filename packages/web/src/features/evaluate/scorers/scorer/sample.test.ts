import { expect, test } from "vitest";
import { fieldsFor, NOTHING_TYPED, readSample } from "./sample.ts";

test("the form has only the fields that the kind uses", () => {
  expect(fieldsFor({ needs: [], group: "cost" })).toEqual(["output"]);
  expect(fieldsFor({ needs: [], group: "text" })).toEqual(["output", "expected"]);
  expect(fieldsFor({ needs: ["judge", "documents"], group: "rag" })).toEqual([
    "input",
    "output",
    "expected",
    "documents",
  ]);
  expect(fieldsFor({ needs: ["reward-model"], group: "judge" })).toEqual(["input", "output"]);
  expect(fieldsFor({ needs: ["tools"], group: "agent" })).toEqual(["output", "expected", "toolCalls"]);
});

test("empty fields are omitted, JSON is parsed, and a number stays text", () => {
  expect(readSample({ ...NOTHING_TYPED, output: "42", expected: "42" })).toEqual({
    sample: { input: null, output: "42", expected: "42" },
  });
  expect(readSample({ ...NOTHING_TYPED, output: "x", expected: '{"a":1}', documents: "one\n\n two" })).toEqual({
    sample: { input: null, output: "x", expected: { a: 1 }, documents: ["one", "two"] },
  });
});

test("tool calls that are not a list of calls are reported as the problem", () => {
  expect(readSample({ ...NOTHING_TYPED, toolCalls: "{" })).toMatchObject({ problem: { field: "toolCalls" } });
  expect(readSample({ ...NOTHING_TYPED, toolCalls: "[1]" })).toMatchObject({ problem: { field: "toolCalls" } });
  expect(readSample({ ...NOTHING_TYPED, toolCalls: '[{"name":"search","arguments":{}}]' })).toMatchObject({
    sample: { toolCalls: [{ name: "search" }] },
  });
});

test("metadata must be an object, and a kind that uses a model has an input field", () => {
  expect(fieldsFor({ needs: ["metadata"], group: "safety" })).toEqual(["output", "expected", "metadata"]);
  expect(fieldsFor({ needs: ["local-model"], group: "text" })).toEqual(["input", "output", "expected"]);
  expect(readSample({ ...NOTHING_TYPED, metadata: '{"canary":"quillfeather"}' })).toMatchObject({
    sample: { metadata: { canary: "quillfeather" } },
  });
  for (const metadata of ["{", "[]", "4"])
    expect(readSample({ ...NOTHING_TYPED, metadata })).toMatchObject({ problem: { field: "metadata" } });
});
