import { expect, test } from "vitest";
import { reachOf, stretchesOf } from "./plot-marks.ts";

test("a band with gaps is drawn in parts", () => {
  const lower = [0, 0, null, 0, 0];
  const upper = [1, 1, null, 1, null];
  expect(stretchesOf({ lower, upper })).toEqual([[0, 1], [3]]);
});

test("the axis reaches every limit, but not the widest intervals", () => {
  const upper = [...Array.from({ length: 19 }, () => 2), 100];
  const band = { lower: upper.map(() => 0), upper };
  expect(reachOf({ band })).toEqual([0, 2]);
  expect(reachOf({ band, limits: [{ label: "Critical", value: 5, color: "--bad" }] })).toEqual([0, 5]);
  expect(reachOf({ limits: [{ label: "Critical", value: -3, color: "--bad" }] })).toEqual([-3, 0]);
});
