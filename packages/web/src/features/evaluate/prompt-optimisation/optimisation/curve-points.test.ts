import { expect, test } from "vitest";
import { curvePoints } from "./curve-points.ts";

test("the best score stays constant until a better candidate is found, up to the current number of answers", () => {
  const curve = [
    { answers: 20, best: 0.5 },
    { answers: 60, best: 0.8 },
  ];
  expect(curvePoints({ curve, answers: 90 })).toEqual([
    [20, 0.5],
    [60, 0.5],
    [60, 0.8],
    [90, 0.8],
  ]);
  expect(curvePoints({ curve, answers: 60 }).at(-1)).toEqual([60, 0.8]);
});

test("without a score there is no curve", () => {
  expect(curvePoints({ curve: [], answers: 7 })).toEqual([]);
});
