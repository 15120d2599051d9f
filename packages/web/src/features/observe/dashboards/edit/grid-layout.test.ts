import fc from "fast-check";
import { expect, test } from "vitest";
import { bottomOf, fit, inReadingOrder, type Placed, put, STEPS, settle, step } from "./grid-layout.ts";

const box = (id: string, [x, y, w, h]: readonly [number, number, number, number]): Placed => ({
  id,
  layout: { x, y, w, h },
});
const placesOf = (items: readonly Placed[]) =>
  Object.fromEntries(items.map(({ id, layout: { x, y, w, h } }) => [id, [x, y, w, h]]));

const charts = fc
  .array(
    fc.record({
      x: fc.integer({ min: 0, max: 11 }),
      y: fc.integer({ min: 0, max: 30 }),
      w: fc.integer({ min: 1, max: 12 }),
      h: fc.integer({ min: 1, max: 12 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((places) => places.map((place, index) => ({ id: `c${index}`, layout: fit(place) })));

test("whatever was moved, no two charts overlap, none leaves the grid, and none hangs in the air", () => {
  fc.assert(
    fc.property(charts, fc.constantFrom(...STEPS), fc.nat(), (items, way, pick) => {
      const moved = step(settle(items), `c${pick % items.length}`, way);
      const cells = new Set<string>();
      for (const { layout } of moved) {
        expect(layout.x + layout.w).toBeLessThanOrEqual(12);
        for (let x = layout.x; x < layout.x + layout.w; x += 1)
          for (let y = layout.y; y < layout.y + layout.h; y += 1) {
            expect(cells.has(`${x},${y}`)).toBe(false);
            cells.add(`${x},${y}`);
          }
      }
      expect(placesOf(settle(moved))).toEqual(placesOf(moved));
    }),
  );
});

test("the chart that is put somewhere has its place, and what was there makes room", () => {
  const moved = put([box("a", [0, 0, 6, 4]), box("b", [6, 0, 6, 4])], "b", { x: 0, y: 0, w: 6, h: 4 });
  expect(placesOf(moved)).toEqual({ a: [0, 4, 6, 4], b: [0, 0, 6, 4] });
});

test("a step down passes the chart below, and a step up comes back", () => {
  const items = [box("a", [0, 0, 12, 3]), box("b", [0, 3, 12, 6])];
  const down = step(items, "a", "down");
  expect(placesOf(down)).toEqual({ a: [0, 6, 12, 3], b: [0, 0, 12, 6] });
  expect(placesOf(step(down, "a", "up"))).toEqual(placesOf(items));
});

test("at the right edge a chart grows to the left", () => {
  expect(placesOf(step([box("a", [6, 0, 6, 4])], "a", "wider"))).toEqual({ a: [5, 0, 7, 4] });
});

test("one column shows the charts row by row", () => {
  const items = [box("low", [0, 5, 6, 4]), box("right", [6, 0, 6, 4]), box("left", [0, 0, 6, 4])];
  expect(inReadingOrder(items).map(({ id }) => id)).toEqual(["left", "right", "low"]);
  expect(bottomOf(items)).toBe(9);
});
