import type { Item } from "@treadle/contract";
import { describe, expect, test } from "vitest";
import { createSplitComparison } from "./compare-splits.ts";
import { areaUnder } from "./split-auc.ts";

const WORDS = Array.from({ length: 400 }, (_, at) => `word${at}`);

/** Numbers from 0 to 1, the same each time (mulberry32). */
function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
/** Twelve words from a part of all words, each equally likely in an item. */
function textOf(next: () => number, from = 0, to = WORDS.length): string {
  return Array.from({ length: 12 }, () => WORDS[from + Math.floor(next() * (to - from))]).join(" ");
}
const item = (split: string | null, question: string): Pick<Item, "inputs" | "expected" | "split"> => ({
  inputs: { question },
  expected: null,
  split,
});
function compare(items: Iterable<ReturnType<typeof item>>) {
  const comparison = createSplitComparison();
  for (const one of items) comparison.add(one);
  return comparison.finish();
}

describe("the area under the curve", () => {
  test("is the share of pairs in the right order, half for a tie", () => {
    expect(areaUnder([1, 2], [3, 4])).toBe(1);
    expect(areaUnder([3, 4], [1, 2])).toBe(0);
    expect(areaUnder([1, 1], [1, 1])).toBe(0.5);
    // The example of scikit-learn's roc_auc_score: labels 0 0 1 1, scores 0.1 0.4 0.35 0.8.
    expect(areaUnder([0.1, 0.4], [0.35, 0.8])).toBe(0.75);
    expect(areaUnder([1, 2, 2], [2, 3])).toBeCloseTo((1 + 0.5 + 0.5 + 3) / 6, 12);
  });
});

describe("splits", () => {
  test("with the same distribution cannot be distinguished better than by chance, whatever their sizes", () => {
    const misses = Array.from({ length: 20 }, (_, seed) => {
      const next = seeded(seed + 1);
      const items = Array.from({ length: 1_200 }, (_, at) => item(at % 6 === 0 ? "test" : "train", textOf(next)));
      const [found] = compare(items);
      expect(found).toMatchObject({ from: "train", to: "test", rows: 1_200 });
      expect(Math.abs((found?.auc ?? 0) - 0.5)).toBeLessThan(0.13);
      return (found?.low ?? 1) > 0.5 || (found?.high ?? 0) < 0.5;
    });
    // Of 20 intervals of 95 %, one misses on average. Five or more miss in one of a thousand runs.
    expect(misses.filter(Boolean).length).toBeLessThan(5);
  });

  test("about different topics are distinguished, and splits with some common topics partly", () => {
    const next = seeded(7);
    const half = WORDS.length / 2;
    const items = Array.from({ length: 1_000 }, (_, at) => [
      item("train", textOf(next, 0, half)),
      item("validation", at % 2 === 0 ? textOf(next, 0, half) : textOf(next, half)),
      at < 400 ? item("test", textOf(next, half)) : item(null, textOf(next)),
    ]).flat();
    const aucs = Object.fromEntries(compare(items).map(({ to, auc }) => [to, auc]));
    expect(aucs.test).toBeGreaterThan(0.999);
    // The half that is about the same things is a coin toss, the other half is known: 0.5 · 0.5 + 0.5 · 1.
    expect(aucs.validation).toBeGreaterThan(0.7);
    expect(aucs.validation).toBeLessThan(0.8);
  });

  test("of which one is small, and items without a split, are not compared; a large one is sampled", () => {
    const next = seeded(3);
    const small = Array.from({ length: 29 }, () => item("test", textOf(next)));
    const large = Array.from({ length: 9_000 }, () => item("train", textOf(next)));
    expect(compare([...large, ...small])).toEqual([]);
    expect(compare([...large, ...small, item("test", "one more")])).toMatchObject([{ to: "test", rows: 4_030 }]);
    expect(compare(large.map((one) => ({ ...one, split: null })))).toEqual([]);
    expect(compare([])).toEqual([]);
  });
});
