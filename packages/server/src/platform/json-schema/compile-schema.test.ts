import { expect, test } from "vitest";
import { compileSchema } from "./compile-schema.ts";

const first = (schema: Record<string, unknown>, value: unknown) => compileSchema(schema)(value)[0];

test.each([
  [{ type: "object", required: ["a/b"] }, {}, { pointer: "/a~1b", message: /required property/ }],
  [{ type: "object", additionalProperties: false }, { extra: 1 }, { pointer: "", message: /"extra"/ }],
  [{ properties: { n: { type: "integer", minimum: 2 } } }, { n: 1 }, { pointer: "/n", message: />= 2/ }],
  [{ items: { format: "email" } }, ["a@example.org", "no"], { pointer: "/1", message: /format "email"/ }],
  [{ patternProperties: { "^n": { type: "number" } } }, { name: "x" }, { pointer: "/name", message: /number/ }],
  [{ propertyNames: { pattern: "^[a-z]+$" } }, { A: 1 }, { pointer: "", message: /./ }],
])("%j finds where a value does not match, and why", (schema, value, { pointer, message }) => {
  expect(first(schema, value)).toEqual({ pointer, message: expect.stringMatching(message) });
});

test("a value that matches has no problem, and a schema is draft 2020-12 unless it names an older draft", () => {
  expect(compileSchema({ type: "string", pattern: "^a+$" })("aaa")).toEqual([]);
  const old = {
    $schema: "http://json-schema.org/draft-07/schema#",
    items: [{ type: "string" }],
    additionalItems: false,
  };
  expect(compileSchema(old)(["a"])).toEqual([]);
  expect(compileSchema(old)(["a", "b"])).toHaveLength(1);
  const recent = { $schema: "https://json-schema.org/draft/2020-12/schema", prefixItems: [{ type: "string" }] };
  expect(compileSchema(recent)([1])).toHaveLength(1);
});

test("a schema may refer to its own parts, also in a circle", () => {
  const tree = {
    $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } },
    $ref: "#/$defs/node",
  };
  expect(compileSchema(tree)({ next: { next: {} } })).toEqual([]);
  expect(first(tree, { next: { next: 1 } })).toMatchObject({ pointer: "/next/next" });
});

test.each([
  [{ type: "text" }, /type/],
  [{ $ref: "https://example.org/other.json" }, /points outside the schema/],
  [{ $async: true }, /\$async/],
  [{ pattern: "(?=a)" }, /look/],
  [{ pattern: "(" }, /./],
  [{ title: "x".repeat(100_001) }, /longer than 100000/],
])("%j is refused with the reason", (schema, reason) => {
  expect(() => compileSchema(schema)).toThrow(reason);
});

test("a schema that is too deep is refused", () => {
  let schema: Record<string, unknown> = { type: "string" };
  for (let depth = 0; depth < 50; depth += 1) schema = { not: schema };
  expect(() => compileSchema(schema)).toThrow(/more than 40 levels/);
});

test.each(["(a+)+$", "a*a*a*a*a*a*b", "(a|a)*b", "^(([a-z])+.)+[A-Z]$"])(
  "the pattern %s costs time that grows with the text only",
  (pattern) => {
    const check = compileSchema({ pattern });
    const startedAt = performance.now();
    check(`${"a".repeat(20_000)}!`);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  },
);
