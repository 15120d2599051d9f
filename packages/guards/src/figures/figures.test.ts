import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { figuresOf } from "./figures.ts";

const PAGE = readFileSync(new URL("../../../../docs/reference/guard-results.md", import.meta.url), "utf8");
const percent = (share: number) => (share * 100).toFixed(1);

test.each(["personal-data", "secrets", "names", "topics"])(
  "the figures of %s are the figures of the published page",
  (detector) => {
    const figures = figuresOf(detector);
    expect(figures.map(({ measure }) => measure)).toContain("recall");
    for (const { value, low, high } of figures) {
      expect(low <= value && value <= high).toBe(true);
      expect(PAGE).toContain(`${percent(value)} (${percent(low)}–${percent(high)})`);
    }
  },
);

test("the injection model has figures, and a detector that was not measured has none", () => {
  expect(figuresOf("injection").length).toBeGreaterThan(10);
  expect(figuresOf("words")).toEqual([]);
});
