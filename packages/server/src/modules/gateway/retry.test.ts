import fc from "fast-check";
import { expect, test } from "vitest";
import { drawByWeight, orderByWeight, pause, retryDelay } from "./retry.ts";

test("a wait is a random part of a bound that doubles and ends at eight seconds", () => {
  const longest = [0, 1, 2, 3, 4, 5, 10].map((retry) => retryDelay(retry, null, () => 1));
  expect(longest).toEqual([400, 800, 1_600, 3_200, 6_400, 8_000, 8_000]);
  expect(retryDelay(3, null, () => 0)).toBe(0);
});

test("a provider's own wish is honoured, never shortened, and given up when it is too long", () => {
  expect(retryDelay(0, 2_000, () => 0)).toBe(2_000);
  expect(retryDelay(0, 2_000, () => 0.5)).toBe(2_200);
  expect(retryDelay(0, 15_001, () => 0)).toBeNull();
});

test("a pause ends at once when its caller leaves", async () => {
  const leave = new AbortController();
  const paused = pause(60_000, leave.signal);
  leave.abort();
  await expect(paused).rejects.toMatchObject({ code: "cancelled" });
  await expect(pause(60_000, leave.signal)).rejects.toMatchObject({ code: "cancelled" });
  await expect(pause(1, new AbortController().signal)).resolves.toBeUndefined();
});

test("an item is drawn as often as its weight says, and never with the weight 0", () => {
  const items = [{ weight: 3 }, { weight: 0 }, { weight: 1 }];
  const drawn = Array.from({ length: 400 }, (_, at) => drawByWeight(items, () => at / 400));
  expect(items.map((item) => drawn.filter((one) => one === item).length)).toEqual([300, 0, 100]);
});

test("an order holds every item once, whatever the weights and the dice", () => {
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
