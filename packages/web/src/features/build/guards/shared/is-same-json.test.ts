import { expect, test } from "vitest";
import { isSameJson } from "./is-same-json.ts";

test("the order of fields does not matter, and the order of items does", () => {
  expect(isSameJson([{ a: 1, b: { c: 2, d: [3] } }], [{ b: { d: [3], c: 2 }, a: 1 }])).toBe(true);
  expect(isSameJson({ a: undefined }, {})).toBe(true);
  expect(isSameJson([1, 2], [2, 1])).toBe(false);
  expect(isSameJson({ a: 1 }, { a: 2 })).toBe(false);
});
