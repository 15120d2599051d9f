import { expect, test } from "vitest";
import { panBy, placeIn, ticksIn, WHOLE, zoomBy, zoomTo } from "./use-zoom.ts";

test("zooming does not move the time under the pointer, and never leaves the trace", () => {
  expect(zoomBy(WHOLE, 0.5, 0.25)).toEqual({ from: 0.125, to: 0.625 });
  expect(zoomBy({ from: 0.75, to: 1 }, 2, 0)).toEqual({ from: 0.5, to: 1 });
  expect(zoomBy({ from: 0.2, to: 0.3 }, 100)).toEqual(WHOLE);
  const closest = zoomBy(WHOLE, 0);
  expect(closest.to).toBeGreaterThan(closest.from);
});

test("panning stops at the ends", () => {
  expect(panBy({ from: 0.5, to: 0.75 }, 9)).toEqual({ from: 0.75, to: 1 });
  expect(panBy({ from: 0.5, to: 0.75 }, -9)).toEqual({ from: 0, to: 0.25 });
});

test("a drag in either direction is a window, and a click is none", () => {
  expect(zoomTo(0.6, 0.2)).toEqual({ from: 0.2, to: 0.6 });
  expect(zoomTo(-3, 0.5)).toEqual({ from: 0, to: 0.5 });
  expect(zoomTo(0.5, 0.5001)).toBeUndefined();
});

test("a bar is placed in percent of what is in sight, cut where it leaves it, and left out where none of it is", () => {
  expect(placeIn({ from: 0.5, to: 1 }, 0.75, 0.25)).toEqual({ left: 50, width: 50 });
  expect(placeIn({ from: 0.5, to: 0.6 }, 0, 1)).toEqual({ left: -1, width: 102 });
  expect(placeIn({ from: 0.5, to: 0.6 }, 0, 0.4)).toBeUndefined();
});

test("ticks are round moments inside the window", () => {
  expect(ticksIn(WHOLE, 1_000, 5)).toEqual([0, 200, 400, 600, 800, 1_000]);
  expect(ticksIn({ from: 0.5, to: 0.625 }, 1_000, 7)).toEqual([500, 520, 540, 560, 580, 600, 620]);
});
