import { expect, test } from "vitest";
import { toGeminiSchema } from "./json-schema.ts";

const clean = (schema: Record<string, unknown>) => toGeminiSchema(schema, "tools: f");

test("types are named Gemini's way, closed objects are silently opened, and unknown required names dropped", () => {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: {
      city: { type: "string", minLength: 1 },
      days: { type: "array", items: { type: "integer", format: "int32" } },
    },
    required: ["city", "country"],
    additionalProperties: false,
  };
  expect(clean(schema)).toEqual({
    schema: {
      type: "OBJECT",
      properties: {
        city: { type: "STRING", minLength: 1 },
        days: { type: "ARRAY", items: { type: "INTEGER", format: "int32" } },
      },
      required: ["city"],
    },
    warnings: [],
  });
});

test("references are replaced by what they point to; recursion ends as an object, with a warning", () => {
  const schema = {
    type: "object",
    properties: { home: { $ref: "#/$defs/place", description: "Where" }, tree: { $ref: "#/$defs/node" } },
    $defs: {
      place: { type: "object", properties: { city: { type: "string" } } },
      node: { type: "object", properties: { value: { type: "number" }, next: { $ref: "#/$defs/node" } } },
    },
  };
  const { schema: cleaned, warnings } = clean(schema);
  expect(cleaned).toEqual({
    type: "OBJECT",
    properties: {
      home: { type: "OBJECT", description: "Where", properties: { city: { type: "STRING" } } },
      tree: { type: "OBJECT", properties: { value: { type: "NUMBER" }, next: { type: "OBJECT" } } },
    },
  });
  expect(warnings).toEqual([expect.stringContaining("recursion through #/$defs/node")]);
});

test("null becomes nullable, unions become anyOf, several types become several schemas", () => {
  expect(clean({ type: ["string", "null"] }).schema).toEqual({ type: "STRING", nullable: true });
  expect(clean({ anyOf: [{ type: "string" }, { type: "null" }], description: "d" }).schema).toEqual({
    type: "STRING",
    nullable: true,
    description: "d",
  });
  expect(clean({ oneOf: [{ type: "string" }, { type: "integer" }] }).schema).toEqual({
    anyOf: [{ type: "STRING" }, { type: "INTEGER" }],
  });
  expect(clean({ type: ["string", "integer"] }).schema).toEqual({ anyOf: [{ type: "STRING" }, { type: "INTEGER" }] });
});

test("allOf is folded into one object, through references too", () => {
  const schema = {
    allOf: [{ $ref: "#/$defs/a" }, { properties: { b: { type: "boolean" } }, required: ["b"] }],
    $defs: { a: { type: "object", properties: { a: { type: "string" } }, required: ["a"] } },
  };
  expect(clean(schema).schema).toEqual({
    type: "OBJECT",
    properties: { a: { type: "STRING" }, b: { type: "BOOLEAN" } },
    required: ["a", "b"],
  });
});

test("enums remain for strings and are described in words for other types", () => {
  expect(clean({ enum: ["a", "b"] }).schema).toEqual({ type: "STRING", enum: ["a", "b"], format: "enum" });
  expect(clean({ const: "a" }).schema).toEqual({ type: "STRING", enum: ["a"], format: "enum" });
  expect(clean({ type: "integer", enum: [1, 2], description: "Size." }).schema).toEqual({
    type: "INTEGER",
    description: "Size. One of 1, 2.",
  });
});

test("what has no place is left out and named", () => {
  const { schema, warnings } = clean({
    type: "object",
    properties: { a: { type: "string", format: "email", contentEncoding: "x" } },
    additionalProperties: { type: "string" },
  });
  expect(schema).toEqual({ type: "OBJECT", properties: { a: { type: "STRING" } } });
  expect(warnings).toEqual([expect.stringMatching(/additionalProperties.*contentEncoding.*format email.*tools: f/)]);
});

test("a dangling reference and a circular reference through allOf both end", () => {
  expect(clean({ $ref: "#/$defs/none" }).schema).toEqual({ type: "OBJECT" });
  expect(clean({ $ref: "#/$defs/a", $defs: { a: { allOf: [{ $ref: "#/$defs/a" }] } } }).schema).toEqual({
    type: "OBJECT",
  });
});

test("a small schema that doubles at each reference is refused instead of filling the memory", () => {
  const $defs = Object.fromEntries(
    Array.from({ length: 30 }, (_, level) => {
      const below = { $ref: `#/$defs/l${level + 1}` };
      return [`l${level}`, { type: "object", properties: { a: below, b: below } }];
    }),
  );
  expect(() => clean({ $ref: "#/$defs/l0", $defs: { ...$defs, l30: { type: "string" } } })).toThrow(
    expect.objectContaining({ code: "unprocessable" }),
  );
});
