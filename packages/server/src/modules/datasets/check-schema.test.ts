import { expect, test } from "vitest";
import { createItemCheck } from "./check-schema.ts";

const item = (inputs: Record<string, unknown>) => ({
  ...{ itemId: "it_1", inputs, expected: null, metadata: {}, source: { kind: "manual" as const }, split: null },
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

test.each([
  [{ type: "object", required: ["q"], additionalProperties: false }, /requires "q", which it does not allow/],
  [{ type: "object", properties: { m: { required: ["role"] } } }, /`type` must be "object"/],
])("a schema that could not be held to is refused with what to change: %j", (schema, message) => {
  expect(() => checkOf(schema)).toThrow(message);
});
