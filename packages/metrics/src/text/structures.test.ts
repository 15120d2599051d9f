import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonMatch, jsonMatchRates, jsonMatchSignature } from "./json-match.ts";
import { canonicalJson, type JsonValue, parseJson } from "./json-value.ts";
import { toolCallMatch, toolCallRates, toolCallSignature } from "./tool-calls.ts";

const json = fc.jsonValue({ maxDepth: 4 }).map((value): JsonValue => JSON.parse(JSON.stringify(value)));

/** The same value with the keys of its objects turned round. */
const turned = (value: JsonValue): JsonValue => JSON.parse(JSON.stringify(value, reverseKeys));
const reverseKeys = (_key: string, value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).reverse())
    : value;

describe("JSON match", () => {
  test("a value matches itself whatever the order of its keys", () => {
    fc.assert(
      fc.property(json, (value) => {
        for (const arrays of ["sequence", "set"] as const)
          expect(jsonMatch(turned(value), value, { arrays })).toMatchObject({ f1: 1, isEqual: true });
      }),
    );
  });

  test("turning the sides turns precision and recall, and what is missing into what is extra", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const [there, back] = [jsonMatch(a, b), jsonMatch(b, a)];
        expect([there.precision, there.recall, there.f1]).toEqual([back.recall, back.precision, back.f1]);
        expect(there.missing.toSorted()).toEqual(back.extra.toSorted());
        expect(there.isEqual).toBe(canonicalJson(a) === canonicalJson(b));
      }),
    );
  });

  test("counts fields and says which are missing, extra and changed", () => {
    const output = { name: "Ada", age: 36, tags: ["x"], "a/b": {} };
    const expected = { age: 37, name: "Ada", tags: ["x", "y"], born: null };
    expect(jsonMatch(output, expected)).toEqual({
      precision: 2 / 4,
      recall: 2 / 5,
      f1: 4 / 9,
      isEqual: false,
      missing: ["/tags/1", "/born"],
      extra: ["/a~1b"],
      changed: ["/age"],
      stats: [2, 4, 5],
    });
    expect(jsonMatchRates([2, 4, 5])).toEqual({ precision: 2 / 4, recall: 2 / 5, f1: 4 / 9 });
    expect(jsonMatchRates([0, 0, 0])).toEqual({ precision: null, recall: null, f1: null });
  });

  test("compares arrays as sets only when asked, each item as often as it stands", () => {
    expect(jsonMatch([1, 2, 3], [3, 1, 2]).f1).toBe(0);
    expect(jsonMatch([1, 2, 3], [3, 1, 2], { arrays: "set" }).f1).toBe(1);
    expect(jsonMatch([1, 1], [1, 2], { arrays: "set" })).toMatchObject({ f1: 0.5, changed: ["/1"] });
    expect(jsonMatch([{ a: 1, b: 2 }, "x"], ["x", { a: 1, b: 3 }, "y"], { arrays: "set" })).toMatchObject({
      stats: [2, 3, 4],
      changed: ["/1/b"],
      missing: ["/2"],
    });
    expect(jsonMatchSignature({ arrays: "set" })).toBe("arrays:set|tolerance:0|version:1");
  });

  test("numbers may differ by the tolerance, an object is not an array, and an inherited name is no field", () => {
    expect(jsonMatch({ a: 0.1 + 0.2 }, { a: 0.3 }).isEqual).toBe(false);
    expect(jsonMatch({ a: 0.1 + 0.2 }, { a: 0.3 }, { tolerance: 1e-9 }).isEqual).toBe(true);
    expect(jsonMatch({ 0: "a" }, ["a"])).toMatchObject({ f1: 0, isEqual: false });
    expect(jsonMatch({}, { constructor: "a" }).missing).toEqual(["/constructor"]);
    expect(jsonMatch([], {}).isEqual).toBe(false);
  });

  test("refuses what is nested too deeply to be walked", () => {
    const deep: JsonValue = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
    expect(() => jsonMatch(deep, deep)).toThrow("nested deeper than 500");
  });
});

test("JSON is read also from a code fence, and what is none is undefined", () => {
  expect(parseJson(' {"a": 1} ')).toEqual({ a: 1 });
  expect(parseJson('```json\n{"a": 1}\n```')).toEqual({ a: 1 });
  expect(parseJson("null")).toBeNull();
  expect(parseJson("the answer is {}")).toBeUndefined();
});

describe("tool-call match", () => {
  const search = { name: "search", arguments: { query: "cats", limit: 5 } };
  const open = { name: "open", arguments: '{"id": 1}' };

  test("compares names and arguments, which may be given as JSON", () => {
    const made = [{ name: "search", arguments: '{"limit": 5.0, "query": "cats"}' }, open];
    expect(toolCallMatch(made, [search, { name: "open", arguments: { id: 1 } }])).toEqual({
      precision: 1,
      recall: 1,
      f1: 1,
      isExact: true,
      stats: [2, 2, 2],
    });
    expect(toolCallMatch([{ name: "open", arguments: '{"id": ' }], [open]).isExact).toBe(false);
  });

  test("the order counts in a sequence and not in a set", () => {
    expect(toolCallMatch([open, search], [search, open]).stats).toEqual([1, 2, 2]);
    expect(toolCallMatch([open, search], [search, open], { order: "set" }).isExact).toBe(true);
    expect(toolCallMatch([open, open], [open], { order: "set" })).toMatchObject({ precision: 0.5, recall: 1 });
  });

  test("arguments can be asked for in part or not at all", () => {
    const wanted = { name: "search", arguments: { query: "cats" } };
    expect(toolCallMatch([search], [wanted]).recall).toBe(0);
    expect(toolCallMatch([search], [wanted], { arguments: "superset" }).recall).toBe(1);
    expect(toolCallMatch([wanted], [search], { arguments: "superset" }).recall).toBe(0);
    expect(toolCallMatch([search, open], [open, wanted], { arguments: "superset" }).recall).toBe(0.5);
    expect(toolCallMatch([search, open], [open, wanted], { arguments: "superset", order: "set" }).recall).toBe(1);
    expect(toolCallMatch([{ name: "open", arguments: null }], [open], { arguments: "ignored" }).recall).toBe(1);
    expect(toolCallSignature({ order: "set" })).toBe("order:set|arguments:equal|version:1");
  });

  test("a rate without a call to divide by is null, and nothing made where nothing is expected is exact", () => {
    expect(toolCallMatch([], [])).toEqual({ precision: null, recall: null, f1: null, isExact: true, stats: [0, 0, 0] });
    expect(toolCallMatch([search], [])).toMatchObject({ precision: 0, recall: null, f1: 0, isExact: false });
    expect(toolCallRates([1, 2, 4])).toEqual({ precision: 0.5, recall: 0.25, f1: 1 / 3 });
  });
});
