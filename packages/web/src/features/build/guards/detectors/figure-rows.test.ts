import { expect, test } from "vitest";
import type { Figure } from "../shared/use-detectors.ts";
import { splitFigures, toTable } from "./figure-rows.ts";

const figure = (more: Partial<Figure>): Figure => ({
  set: "garak",
  about: "attacks",
  measure: "recall",
  at: 0.01,
  texts: 39,
  value: 0.667,
  low: 0.51,
  high: 0.79,
  ...more,
});

test("a set is a row, and each measure at a threshold is a column", () => {
  const strict = figure({ at: 0.001, value: 0.487 });
  const other = figure({ set: "giskard" });
  expect(toTable([figure({}), strict, other])).toEqual({
    columns: ["Recall at 1%", "Recall at 0.1%"],
    rows: [
      { set: "garak", about: "attacks", cells: [figure({}), strict] },
      { set: "giskard", about: "attacks", cells: [other, undefined] },
    ],
  });
});

test("figures without a threshold name the measure alone", () => {
  const figures = [figure({ at: null }), figure({ at: null, measure: "precision" })];
  expect(toTable(figures).columns).toEqual(["Recall", "Precision"]);
  expect(toTable(figures).rows).toHaveLength(1);
});

test("false positives are apart from what is found", () => {
  const flagged = figure({ measure: "flagged" });
  expect(splitFigures([figure({}), flagged])).toEqual({ found: [figure({})], flagged: [flagged] });
});
