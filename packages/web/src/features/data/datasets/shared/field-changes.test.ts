import { expect, test } from "vitest";
import { changesBetween } from "./field-changes.ts";

test("changes are listed down to single values", () => {
  const before = { inputs: { messages: [{ role: "user", content: "Call 555" }] }, split: null, metadata: { a: 1 } };
  const after = { inputs: { messages: [{ role: "user", content: "Call [PHONE]" }] }, split: "train", metadata: {} };
  expect(changesBetween(before, after)).toEqual([
    { path: "inputs.messages[0].content", before: "Call 555", after: "Call [PHONE]" },
    { path: "split", before: null, after: "train" },
    { path: "metadata.a", before: 1, after: undefined },
  ]);
  expect(changesBetween(before, structuredClone(before))).toEqual([]);
});

test("a value of another type is one change", () => {
  expect(changesBetween({ expected: "a" }, { expected: { role: "assistant" } })).toEqual([
    { path: "expected", before: "a", after: { role: "assistant" } },
  ]);
  expect(changesBetween([1], { 0: 1 })).toEqual([{ path: "", before: [1], after: { 0: 1 } }]);
});
