import { expect, test } from "vitest";
import { toAttributes } from "../testing/make-received-span.ts";
import { readIndexed } from "./read-indexed.ts";

const read = (attributes: Parameters<typeof toAttributes>[0], prefix = "m.") =>
  readIndexed(toAttributes(attributes), prefix).items.map(({ index, fields }) => [index, ...fields]);

test("items come in the order of their numbers, whatever the order of their keys", () => {
  expect(read({ "m.10.role": "c", "m.2.role": "b", "other.0.role": "x", "m.0.role": "a", "m.0.text": "t" })).toEqual([
    [0, ["role", "a"], ["text", "t"]],
    [2, ["role", "b"]],
    [10, ["role", "c"]],
  ]);
});

test("a number too high for a place in a list is no place in a list", () => {
  const keys = { "m.10000.a": 1, "m.4294967295.a": 1, "m.1e9.a": 1, "m.-1.a": 1, "m.99999999999999999999.a": 1 };
  expect(readIndexed(toAttributes(keys), "m.")).toEqual({ items: [], keys: [] });
  expect(read({ "m.9999.a": 1 })).toEqual([[9_999, ["a", 1]]]);
});

test("a key of JavaScript's own is a key like any other", () => {
  expect(
    read(
      Object.fromEntries([
        ["m.0.__proto__", "x"],
        ["m.__proto__.polluted", "x"],
        ["m.0.constructor.prototype", "y"],
      ]),
    ),
  ).toEqual([[0, ["__proto__", "x"], ["constructor.prototype", "y"]]]);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("an item may be one value, and a key without a number is left to others", () => {
  expect(readIndexed(toAttributes({ "m.0": "x", "m.role": "y", "m.1x.a": 1, "m.": 2 }), "m.")).toEqual({
    items: [{ index: 0, fields: new Map([["", "x"]]) }],
    keys: [{ key: "m.0", field: "" }],
  });
});
