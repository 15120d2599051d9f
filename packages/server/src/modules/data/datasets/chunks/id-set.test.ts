import { expect, test } from "vitest";
import { createIdSet } from "./id-set.ts";

test("every id is taken once, among many and as the set grows", () => {
  const ids = createIdSet();
  const names = Array.from({ length: 100_000 }, (_, place) => `it_${place}`);
  expect(names.filter((name) => !ids.add(name))).toEqual([]);
  expect(names.filter((name) => ids.add(name))).toEqual([]);
  expect(ids.size).toBe(100_000);
});
