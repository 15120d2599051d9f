import { expect, test } from "vitest";
import { readThresholds, writeThresholds } from "./thresholds.ts";

test("thresholds survive being written and read", () => {
  const thresholds = [
    { score: "helpful", direction: "below" as const, value: 0.5 },
    { score: "toxic words", direction: "above" as const, value: -1 },
  ];
  expect(readThresholds(writeThresholds(thresholds))).toEqual({ thresholds, problem: "" });
  expect(readThresholds("\n")).toEqual({ thresholds: [], problem: "" });
});

test("a line that is no threshold is named", () => {
  expect(readThresholds("helpful").problem).toContain('"helpful"');
});
