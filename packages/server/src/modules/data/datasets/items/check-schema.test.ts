import { expect, test } from "vitest";
import { createItemCheck } from "./check-schema.ts";

const item = (inputs: Record<string, unknown>) => ({
  itemId: "it_1",
  inputs,
  expected: null,
  metadata: {},
  source: { kind: "manual" as const },
  split: null,
});
const checkOf = (inputs: Record<string, unknown>) => createItemCheck({ inputs, expected: null, metadata: null });

test.each([
  ["that no property names", { type: "object", required: ["q"] }, {}],
  ["beside another property", { type: "object", required: ["q"], properties: { a: { type: "string" } } }, { a: "x" }],
  ["when the type of the whole is left out", { required: ["q"] }, {}],
  [
    "deeper in",
    { type: "object", properties: { m: { type: "array", items: { type: "object", required: ["role"] } } } },
    { m: [{}] },
  ],
  [
    "by what other properties must be",
    { type: "object", required: ["q"], additionalProperties: { type: "string" } },
    { q: 1 },
  ],
])("a required key is asked for %s", (_where, schema, inputs) => {
  expect(checkOf(schema)(item(inputs))).not.toBeNull();
});

test("a property that is called as a keyword is a property", () => {
  const check = checkOf({
    type: "object",
    properties: { required: { type: "array" }, properties: { type: "string" } },
  });
  expect(check(item({ required: ["q"], properties: "x" }))).toBeNull();
  expect(check(item({ required: 1 }))).toMatchObject({ pointer: "/inputs/required" });
});

test("a schema that cannot be used is rejected with the section and the reason", () => {
  expect(() => checkOf({ type: "text" })).toThrow(/`schema.inputs` is not a usable JSON schema: .*type/);
  expect(() => checkOf({ properties: { q: { pattern: "(?<!a)b" } } })).toThrow(/schema.inputs/);
});

test("a pattern that would take a backtracking matcher for ever is matched in time", () => {
  const check = checkOf({ properties: { q: { pattern: "^a*a*a*a*a*a*b$" } } });
  expect(check(item({ q: "a".repeat(5_000) }))).toMatchObject({ pointer: "/inputs/q" });
});

test("a required key that is not allowed leaves no valid item", () => {
  const check = checkOf({ type: "object", required: ["q"], additionalProperties: false });
  expect(check(item({}))).toMatchObject({ pointer: "/inputs/q" });
  expect(check(item({ q: 1 }))).not.toBeNull();
});
