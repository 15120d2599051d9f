import { describe, expect, test } from "vitest";
import { jsonGrammar, toolCallGrammar } from "./grammar.ts";
import { integerRange } from "./integer-range.ts";

describe("a schema that a grammar cannot promise is refused with every part of it named", () => {
  test.each([
    ["a pattern", { type: "string", pattern: "^a" }, "#: `pattern` is not supported"],
    ["an unknown format", { type: "string", format: "ipv4" }, "#: the format `ipv4` is not supported"],
    ["a negation", { properties: { a: { not: { type: "null" } } } }, "#/properties/a: `not` is not supported"],
    ["a condition", { type: "object", if: {}, else: {} }, "#: `if` is not supported"],
    ["several at once", { allOf: [{}, {}] }, "#: `allOf` is not supported"],
    ["unique items", { type: "array", uniqueItems: true }, "#: `uniqueItems` is not supported"],
    ["patterns of names", { type: "object", patternProperties: { a: {} } }, "#: `patternProperties` is not supported"],
    ["a multiple", { type: "integer", multipleOf: 5 }, "#: `multipleOf` is not supported"],
    ["a fraction's bound", { type: "number", minimum: 0.5 }, "#: a `number` only supports whole-number bounds"],
    ["bounds that nothing meets", { type: "integer", minimum: 5, maximum: 3 }, "#: no whole number lies between"],
    ["a type that is none", { type: "date" }, "#: there is no type `date`"],
    ["a reference to nowhere", { $ref: "#/$defs/a" }, '#: `$ref` "#/$defs/a" does not exist in this schema'],
    ["a reference to itself", { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } }, 'a" leads back to itself'],
    [
      "a reference to itself by way of others",
      {
        $ref: "#/$defs/a",
        $defs: { a: { anyOf: [{ type: "null" }, { $ref: "#/$defs/b" }] }, b: { $ref: "#/$defs/a" } },
      },
      '#/$defs/b: `$ref` "#/$defs/a" leads back to itself',
    ],
    ["a reference to elsewhere", { $ref: "https://example.com/a" }, "does not exist in this schema"],
    ["a schema that allows nothing", { properties: { a: false } }, "#/properties/a: `false` allows nothing"],
    [
      "a required name that is forbidden",
      { properties: {}, required: ["a"], additionalProperties: false },
      "`required` names a",
    ],
    ["an enumeration of another type", { type: "string", enum: [1] }, "no value of `enum` or `const` fits `type`"],
  ])("%s", (_what, schema, why) => {
    expect(() => jsonGrammar(schema)).toThrow(
      expect.objectContaining({ code: "invalid_request", message: expect.stringContaining(why) }),
    );
  });

  test("all of them in one answer", () => {
    const schema = { properties: { a: { type: "string", pattern: "x" }, b: { type: "array", contains: {} } } };
    expect(() => jsonGrammar(schema)).toThrow(/#\/properties\/a.*`pattern`.*#\/properties\/b.*`contains`/);
  });

  test("a schema nested deeper than anyone means", () => {
    let schema: object = { type: "null" };
    for (let depth = 0; depth < 100; depth++) schema = { type: "array", items: schema };
    expect(() => jsonGrammar(schema)).toThrow(/nested deeper than 64/);
  });

  test("a tool's parameters, with the tool named", () => {
    const tool = {
      name: "find",
      description: "",
      parameters: { type: "object", properties: { at: { format: "ipv6", type: "string" } } },
    };
    expect(() => toolCallGrammar([tool])).toThrow(/tool find\/properties\/at: the format `ipv6`/);
  });
});

describe("what only describes is passed over", () => {
  test("titles, defaults and examples change nothing", () => {
    const plain = { type: "object", properties: { a: { type: "integer" } }, required: ["a"] };
    const schema = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "A",
      ...plain,
      properties: { a: { type: "integer", description: "a number", default: 1, examples: [2] } },
    };
    expect(jsonGrammar(schema)).toBe(jsonGrammar(plain));
  });
});

describe("whole numbers in a range", () => {
  const matches = (least: number | null, most: number | null) => {
    const pattern = integerRange(least, most)
      .replaceAll(/"(-?\d*)"/g, "$1")
      .replaceAll(" ", "");
    return new RegExp(`^(?:${pattern})$`);
  };

  test.each([
    [0, 5],
    [0, 100],
    [-3, 7],
    [17, 1_234],
    [-120, -15],
    [5, 5],
    [0, 0],
    [-5, 0],
    [99, 101],
    [100, 999],
    [3, null],
    [null, -4],
    [null, 12],
    [-8, null],
    [0, null],
    [1, 10],
    [10, 10],
    [-1, 1],
    [19, 21],
  ])("from %s to %s are exactly those that the grammar allows", (least, most) => {
    const pattern = matches(least, most);
    for (let value = -1_500; value <= 1_500; value++) {
      const isInside = (least === null || value >= least) && (most === null || value <= most);
      expect(pattern.test(String(value)), String(value)).toBe(isInside);
    }
    for (const odd of ["-0", "007", "", "-", "1.0"]) expect(pattern.test(odd), odd).toBe(false);
  });
});
