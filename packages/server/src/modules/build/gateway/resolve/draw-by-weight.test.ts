import fc from "fast-check";
import { expect, test } from "vitest";
import { drawByWeight, orderByWeight } from "./draw-by-weight.ts";

test("an item is drawn in proportion to its weight, and never with the weight 0", () => {
  const items = [{ weight: 3 }, { weight: 0 }, { weight: 1 }];
  const drawn = Array.from({ length: 400 }, (_, at) => drawByWeight(items, () => at / 400));
  expect(items.map((item) => drawn.filter((one) => one === item).length)).toEqual([300, 0, 100]);
});

test("an order contains every item once, for any weights and random numbers", () => {
  const weights = fc.array(fc.record({ weight: fc.integer({ min: 0, max: 9 }) }), { maxLength: 8 });
  fc.assert(
    fc.property(
      weights,
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 }),
      (items, dice) => {
        let thrown = 0;
        const ordered = orderByWeight(items, () => dice[thrown++ % dice.length] ?? 0);
        expect(new Set(ordered)).toEqual(new Set(items));
        expect(ordered).toHaveLength(items.length);
      },
    ),
  );
});
