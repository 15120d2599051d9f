import { expect, test } from "vitest";
import { formatDifference, formatEvidence, formatPValue, formatRange, formatRelative } from "./shadow-words.ts";

test("a relative difference is shown as a multiple of the primary's value", () => {
  expect([1 / 3, 0, -1 / 3, 1, null].map(formatRelative)).toEqual(["× 2.0", "× 1.0", "× 0.50", "far more", "–"]);
});

test("differences have a sign, and ranges are empty without an interval", () => {
  expect(formatDifference("output-tokens", 12)).toBe("+12");
  expect(formatDifference("output-tokens", -12)).toBe("−12");
  expect(formatRange([1, 2], String)).toBe("1 to 2");
  expect(formatRange(null, String)).toBe("");
});

test("evidence and p-values are short", () => {
  expect([0.5, 20, 345.2, 1_234_567].map(formatEvidence)).toEqual(["0.50", "20", "345", "10^6"]);
  expect([0.0001, 0.25].map(formatPValue)).toEqual(["p < 0.001", "p 0.25"]);
});
