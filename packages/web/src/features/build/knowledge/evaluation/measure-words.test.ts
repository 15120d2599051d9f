import { expect, test } from "vitest";
import { formatDifference, formatShare, intervalWords } from "./measure-words.ts";

test("values have three decimals, and missing ones a dash", () => {
  expect(formatShare(0.5)).toBe("0.500");
  expect(formatShare(null)).toBe("–");
  expect(formatDifference(0.0124)).toBe("+0.012");
  expect(formatDifference(-0.2)).toBe("−0.200");
  expect(formatDifference(0)).toBe("0.000");
});

test("an interval shows both ends", () => {
  expect(intervalWords({ low: -0.01, high: 0.2 })).toBe("−0.010 to +0.200");
  expect(intervalWords(null)).toBe("");
});
