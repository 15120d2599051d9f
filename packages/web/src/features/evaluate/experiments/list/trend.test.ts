import { expect, test } from "vitest";
import { LINE_SIZE, linePoints } from "./trend.ts";

test("a sparkline stays inside its box, even if all values are equal", () => {
  for (const values of [
    [0.2, 0.9, 0.4],
    [0.5, 0.5],
  ])
    for (const [x, y] of linePoints(values)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(LINE_SIZE.width);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(LINE_SIZE.height);
    }
  const [low, high] = linePoints([0.2, 0.9]);
  expect(high?.[1]).toBeLessThan(low?.[1] ?? 0);
});
