import { expect, test } from "vitest";
import { exactPercent, formatBudget, formatBurn, goodWords, sharePercent, windowWords } from "./slo-words.ts";

test("an objective has all its digits", () => {
  expect([0.9, 0.99, 0.999, 0.99999].map(exactPercent)).toEqual(["90%", "99%", "99.9%", "99.999%"]);
});

test("a share has no more digits than its interval supports", () => {
  expect(sharePercent(0.98765, 0.9, 0.999)).toBe("99%");
  expect(sharePercent(0.98765, 0.98, 0.99)).toBe("98.8%");
  expect(sharePercent(0.98765, 0.9876, 0.9877)).toBe("98.765%");
  expect(sharePercent(null, null, null)).toBe("–");
});

test("a limit of time is written as it was set", () => {
  const within = (thresholdMs: number) => goodWords({ kind: "latency", thresholdMs });
  expect([800, 1_500, 2_000, 30_000, 100_000].map(within)).toEqual([
    "within 800 ms",
    "within 1.5 s",
    "within 2 s",
    "within 30 s",
    "within 1 m 40 s",
  ]);
});

test("burn rates, budgets and windows are short", () => {
  expect([null, 0, 0.123, 14.4, 250.4].map(formatBurn)).toEqual(["–", "0×", "0.12×", "14×", "250×"]);
  expect([null, 0.423, -0.5, -20].map(formatBudget)).toEqual(["–", "42%", "−50%", "below −999%"]);
  expect([5, 60, 360, 1_440, 4_320].map(windowWords)).toEqual(["5 min", "1 h", "6 h", "1 d", "3 d"]);
});
