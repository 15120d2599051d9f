import { expect, test } from "vitest";
import { newChart } from "../edit/chart-edits.ts";
import { readDashboard, writeDashboard } from "./read-dashboard.ts";

const whole = { name: "Spending", description: "", charts: [{ ...newChart(), id: "one", title: "Cost by model" }] };
const problemOf = (text: string) => {
  const reading = readDashboard(text);
  return "problem" in reading ? reading : undefined;
};
const changed = (change: (value: ReturnType<typeof JSON.parse>) => void) => {
  const value = JSON.parse(writeDashboard(whole));
  change(value);
  return JSON.stringify(value);
};

test("what is written is read again", () => {
  expect(readDashboard(writeDashboard(whole))).toMatchObject({ file: whole });
});

test.each([
  ["", "Paste the JSON of a dashboard"],
  ['{\n  "name": "x",\n}', "at line 3, column 1. Expected a name in quotes after the comma"],
  ["[]", "Expected an object, but got a list"],
  ["12", "but got a number"],
  ['{"panels": []}', 'Its “format” must be "treadle-dashboard", but is missing'],
  ['{"format": "grafana"}', 'but is "grafana"'],
  ['{"format": "treadle-dashboard", "formatVersion": 2}', "uses format version 2"],
])("%s is refused in a sentence", (text, sentence) => {
  expect(problemOf(text)?.problem).toContain(sentence);
  expect(problemOf(text)?.mistakes).toEqual([]);
});

test("what is far too large is not looked at", () => {
  expect(problemOf("[".repeat(2_000_001))?.problem).toBe("This file is too large for a dashboard.");
});

test("a mistake is placed in its chart, by number and title", () => {
  const noTime = changed((value) => {
    value.charts[0].query.dimensions = [];
  });
  expect(problemOf(noTime)).toEqual({
    problem: "This dashboard has 1 error",
    mistakes: ["Chart 1 “Cost by model”, query: a line needs the dimension `time`"],
  });
  const two = changed((value) => {
    value.charts[0].kind = "pie";
    value.charts[0].layout.h = 99;
    value.owner = "me";
  });
  const { problem, mistakes } = problemOf(two) ?? { problem: "", mistakes: [] };
  expect(problem).toBe("This dashboard has 3 errors");
  expect(mistakes).toContain('The dashboard: has no field "owner"');
  expect(mistakes.join("\n")).toMatch(
    /Chart 1 “Cost by model”, kind: must be one of line, bar, table, number, heatmap/,
  );
  expect(mistakes.join("\n")).toMatch(/Chart 1 “Cost by model”, layout\.h: must be at most 40/);
});
