import { expect, test } from "vitest";
import { editDistance, editSimilarity } from "./edit-distance.ts";

test("the distance counts code points, not halves of them", () => {
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(editDistance("a😀b", "ab")).toBe(1);
  expect(editDistance("", "abc")).toBe(3);
  expect(editDistance("flaw", "lawn")).toBe(2);
});

test("similarity is 1 for equal texts, empty ones too, and 0 when nothing is kept", () => {
  expect(editSimilarity("", "")).toBe(1);
  expect(editSimilarity("abc", "abc")).toBe(1);
  expect(editSimilarity("abc", "xyz")).toBe(0);
  expect(editSimilarity("kitten", "sitting")).toBeCloseTo(1 - 3 / 7, 15);
});
