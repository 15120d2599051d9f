import { expect, test } from "vitest";
import { checkSchema } from "./check-schema.ts";

const schema = {
  type: "object",
  properties: {
    city: { type: "string", minLength: 2, pattern: "^[A-Z]" },
    people: { type: "integer", minimum: 0 },
    tags: { type: "array", items: { enum: ["a", "b"] }, maxItems: 2 },
    inner: { $ref: "#/$defs/inner" },
    either: { anyOf: [{ type: "null" }, { const: 3 }] },
  },
  required: ["city"],
  additionalProperties: false,
  $defs: { inner: { type: "object", properties: { again: { $ref: "#/$defs/inner" } }, required: ["x"] } },
};

test("a value that is as the schema asks has no problem", () => {
  expect(
    checkSchema(schema, { city: "Paris", people: 2, tags: ["a"], inner: { x: 1, again: { x: 2 } }, either: null }),
  ).toEqual([]);
  expect(checkSchema(true, 1)).toEqual([]);
});

test("each problem is reported with its place", () => {
  expect(
    checkSchema(schema, { people: 1.5, tags: ["a", "c", "b"], inner: { x: 1, again: {} }, either: 4, more: 1 }),
  ).toEqual([
    "city is missing",
    "people must be integer, but is number",
    'tags[1] must be one of ["a","b"]',
    "tags must have at most 2 items",
    "inner.again.x is missing",
    "either matches none of the 2 schemas in anyOf",
    "more is not in the schema",
  ]);
  expect(checkSchema(schema, "text")).toEqual(["The answer must be object, but is string"]);
  expect(checkSchema(schema, { city: "p" })).toEqual([
    "city must have at least 2 characters",
    "city must match ^[A-Z]",
  ]);
});

test("a schema that refers to itself without end, or to nothing, does no harm", () => {
  const endless = { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } };
  expect(checkSchema(endless, 1)).toEqual([]);
  const branching = { anyOf: [{ $ref: "#" }, { $ref: "#" }, { $ref: "#" }] };
  expect(checkSchema(branching, 1).length).toBeLessThan(2);
  expect(checkSchema({ $ref: "#/$defs/nowhere" }, 1)).toEqual([]);
  expect(checkSchema({ type: "string", pattern: "(" }, "x")).toEqual([]);
});
