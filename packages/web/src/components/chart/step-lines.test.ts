import { expect, test } from "vitest";
import { alignLines, type StepLine, smooth, stepData, trimTick } from "./step-lines.ts";

const line = (label: string, points: StepLine["points"]): StepLine => ({ label, color: "--series-1", points });

test("curves are aligned at every step of any of them", () => {
  const { steps, values } = alignLines([
    line("loss", [
      [1, 3],
      [2, 2],
      [4, 1],
    ]),
    line("eval", [
      [2, 2.5],
      [3, 2.2],
    ]),
  ]);
  expect(steps).toEqual([1, 2, 3, 4]);
  expect(values).toEqual([
    [3, 2, null, 1],
    [null, 2.5, 2.2, null],
  ]);
});

test("a smoothed curve begins at its first value and follows a constant exactly", () => {
  const even = smooth(
    [
      [1, 2],
      [2, 2],
      [3, 2],
    ],
    0.9,
  );
  for (const [, value] of even) expect(value).toBeCloseTo(2, 12);
  const [first, second] = smooth(
    [
      [1, 4],
      [2, 0],
    ],
    0.5,
  );
  expect(first).toEqual([1, 4]);
  expect(second?.[1]).toBeCloseTo(4 / 3, 12);
});

test("a curve that is not smoothed is the curve itself, and the table holds a row for each step", () => {
  const points = [[5, 1]] as const;
  expect(smooth(points, 0)).toBe(points);
  expect(stepData([line("loss", points)], String).rows).toEqual([[5, 1]]);
});

test("an axis has no zeros at the end of its numbers, and all else as it is", () => {
  const given = ["3.000", "0.500", "0.05", "0", "100", "1.20k", "1.00e-5", "100 MB", "-1.50"];
  expect(given.map(trimTick)).toEqual(["3", "0.5", "0.05", "0", "100", "1.20k", "1.00e-5", "100 MB", "-1.5"]);
});
