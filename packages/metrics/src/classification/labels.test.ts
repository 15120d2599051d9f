import { expect, test } from "vitest";
import { sortedLabels } from "./labels.ts";

test("numbers are sorted by size and texts by code point, an emoji after U+FF21", () => {
  expect(sortedLabels([10, 2, -1, 2])).toEqual([-1, 2, 10]);
  expect(sortedLabels(["b", "😀", "Ａ", "", "a", "ab"])).toEqual(["", "a", "ab", "b", "Ａ", "😀"]);
});

test("numbers mixed with texts are rejected, and so is NaN", () => {
  expect(() => sortedLabels([1, "1"])).toThrow("Write all of them the same way");
  expect(() => sortedLabels([1, Number.NaN])).toThrow("null for a label that is missing");
});
