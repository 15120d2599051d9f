import { mix } from "@treadle/metrics";
import { expect, test } from "vitest";
import { createSetPool, jaccard } from "./set-pool.ts";

const setOf = (from: number, to: number) =>
  Uint32Array.from({ length: to - from }, (_, index) => mix(from + index)).toSorted();

test("sets have in common what both have of what either has", () => {
  expect(jaccard(Uint32Array.of(1, 2, 3), Uint32Array.of(2, 3, 4))).toBe(0.5);
  expect(jaccard(Uint32Array.of(7), Uint32Array.of(7))).toBe(1);
  expect(jaccard(new Uint32Array(), new Uint32Array())).toBe(0);
  expect(jaccard(Uint32Array.of(0xffffffff), Uint32Array.of(0xffffffff))).toBe(1);
});

test("as long as there is room the similarity is exact", () => {
  const pool = createSetPool({ mostNumbers: 10_000 });
  pool.add(5, setOf(0, 3_000));
  pool.add(9, setOf(1_000, 4_000));
  expect(pool.similarity(5, 9)).toBe(0.5);
  expect(pool.similarityTo(setOf(0, 3_000), 5)).toBe(1);
  expect(pool.isShortened()).toBe(false);
});

test("without room sets are shortened, and the similarity stays right to a few hundredths", () => {
  const pool = createSetPool({ mostNumbers: 8_192, leastKept: 64 });
  for (let id = 0; id < 16; id++) pool.add(id, setOf(id * 500, id * 500 + 4_000));
  pool.add(16, setOf(0, 10));
  expect(pool.isShortened()).toBe(true);
  for (let id = 1; id < 8; id++) {
    const common = 4_000 - id * 500;
    expect(Math.abs(pool.similarity(0, id) - common / (8_000 - common))).toBeLessThan(0.09);
  }
  expect(pool.similarity(16, 16)).toBe(1);
});
