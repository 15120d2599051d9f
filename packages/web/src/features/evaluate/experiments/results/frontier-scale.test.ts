import { expect, test } from "vitest";
import { placeLabels, scaleOf, ticksOf } from "./frontier-scale.ts";

test("ticks are round numbers around all values, even if all values are equal", () => {
  expect(ticksOf(0, 0.97, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticksOf(0.61, 0.69, 4)).toEqual([0.6, 0.62, 0.64, 0.66, 0.68, 0.7]);
  expect(ticksOf(0, 0, 5).length).toBeGreaterThan(1);
  expect(scaleOf([0, 0.5, 1], [0, 200])(0.25)).toBe(50);
});

test("labels do not overlap, and stay inside the drawing", () => {
  const [first, second, third] = placeLabels(
    [
      { x: 100, y: 50, text: "small model" },
      { x: 102, y: 52, text: "large model" },
      { x: 390, y: 50, text: "at the edge" },
    ],
    400,
  );
  expect(Math.abs((first?.y ?? 0) - (second?.y ?? 0))).toBeGreaterThanOrEqual(14);
  expect(third?.anchor).toBe("end");
});
