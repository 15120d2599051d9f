import { expect, test } from "vitest";
import { coloursOf, isInside, toScreen, wholeView, zoomed } from "./map-points.ts";

test("a drawn line selects the points inside it", () => {
  const line = [
    [0, 0],
    [10, 0],
    [10, 10],
    [5, 4],
    [0, 10],
  ] as const;
  expect(isInside([2, 2], line)).toBe(true);
  expect(isInside([5, 8], line)).toBe(false);
  expect(isInside([9, 7], line)).toBe(true);
  expect(isInside([11, 5], line)).toBe(false);
  expect(isInside([1, 1], [])).toBe(false);
});

test("the first view shows every point, and zooming does not move the point under the pointer", () => {
  const view = wholeView({ x: [0, 100], y: [-1, 1] });
  const place = toScreen(view, { width: 400, height: 200 });
  const [left, top] = place(0, 1);
  expect(left).toBeGreaterThan(0);
  expect(top).toBeGreaterThan(0);
  const closer = zoomed(view, 0.5, [0.25, 0.75]);
  expect(closer.x1 - closer.x0).toBeCloseTo((view.x1 - view.x0) / 2);
  const before = [view.x0 + (view.x1 - view.x0) * 0.25, view.y1 - (view.y1 - view.y0) * 0.75];
  const [x, y] = toScreen(closer, { width: 1, height: 1 })(before[0] ?? 0, before[1] ?? 0);
  expect(x).toBeCloseTo(0.25);
  expect(y).toBeCloseTo(0.75);
  expect(wholeView({ x: [], y: [] })).toEqual({ x0: 0, x1: 1, y0: 0, y1: 1 });
});

test("the most frequent values have their own colour, and other values have none", () => {
  const values = ["a", "a", "b", null, ..."cdefgh".split("").flatMap((letter) => [letter, letter]), "z"];
  const { legend, numbers } = coloursOf(values);
  expect(legend).toHaveLength(6);
  expect(legend[0]).toEqual({ value: "a", rows: 2 });
  expect(numbers[0]).toBe(0);
  expect(numbers[3]).toBe(-1);
  expect(numbers.at(-1)).toBe(-1);
});
