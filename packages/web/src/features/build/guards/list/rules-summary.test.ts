import { expect, test } from "vitest";
import { matchesSearch, summarizeRules } from "./rules-summary.ts";

test("each detector is listed once, with its strongest action", () => {
  const rules = [
    { detector: "personal-data", action: "mask" as const },
    { detector: "secrets", action: "flag" as const },
    { detector: "personal-data", action: "block" as const },
  ];
  expect(summarizeRules(rules)).toEqual([
    { detector: "personal-data", action: "block" },
    { detector: "secrets", action: "flag" },
  ]);
});

test("a search needs all its words, in any case and place", () => {
  const texts = ["Privacy", "Masks data", "Whole project"];
  expect(matchesSearch(texts, "project PRIV")).toBe(true);
  expect(matchesSearch(texts, "privacy endpoint")).toBe(false);
  expect(matchesSearch(texts, "")).toBe(true);
});
