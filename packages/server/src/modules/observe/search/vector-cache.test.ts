import { expect, test } from "vitest";
import { cosine, createVectorCache } from "./vector-cache.ts";

test("the cosine is 1 for the same direction, 0 for a right angle, -1 for the opposite, 0 without a length", () => {
  expect(cosine([1, 2], [2, 4])).toBeCloseTo(1);
  expect(cosine([1, 0], [0, 3])).toBe(0);
  expect(cosine([1, 1], [-1, -1])).toBeCloseTo(-1);
  expect(cosine([0, 0], [1, 1])).toBe(0);
});

test("the texts that were asked for longest ago are forgotten first", () => {
  const cache = createVectorCache(2);
  cache.put("a", [1]);
  cache.put("b", [2]);
  cache.get("a");
  cache.put("c", [3]);
  expect([cache.get("a"), cache.get("b"), cache.get("c")].map((vector) => vector?.[0])).toEqual([1, undefined, 3]);
});
