import { createRandom } from "@treadle/metrics";
import { expect, test } from "vitest";
import { drawParent, frequencies, frontsOf, meanScore, pairedSums } from "./pareto.ts";

const scored = (...rows: (number | null)[][]) =>
  rows.map((scores, candidate) => ({ candidate, outcomes: scores.map((score) => ({ score })) }));

test("the front of an item holds all that are best there; an item without a score has none", () => {
  const fronts = frontsOf(scored([1, 0, null], [0, 0, null], [1, 0.5, null]));
  expect(fronts.map((front) => [...front])).toEqual([[0, 2], [2], []]);
});

test("candidates that are never the only best are removed, weakest first", () => {
  // 0 is best at the first item, but 2 is so too, and 2 is better at the others.
  expect([...frequencies(scored([1, 0, 0], [0, 0, 1], [1, 1, 0]))]).toEqual([
    [2, 2],
    [1, 1],
  ]);
  expect([...frequencies(scored([1, 1], [1, 1]))]).toEqual([[0, 2]]);
});

test("parents are drawn as often as they are best", () => {
  const candidates = scored([1, 1, 1, 0], [0, 0, 0, 1]);
  const random = createRandom(3);
  const drawn = Array.from({ length: 4_000 }, () => drawParent(candidates, random));
  const share = drawn.filter((candidate) => candidate === 0).length / drawn.length;
  expect(share).toBeGreaterThan(0.72);
  expect(share).toBeLessThan(0.78);
  expect(drawParent(scored([null]), random)).toBeUndefined();
});

test("means and sums leave out what has no score", () => {
  expect(meanScore([{ score: 1 }, { score: null }, { score: 0 }])).toBe(0.5);
  expect(meanScore([{ score: null }])).toBeNull();
  const outcomes = (...scores: (number | null)[]) =>
    scores.map((score) => ({
      score,
      itemId: "",
      feedback: "",
      output: "",
      tokens: null,
      costUsd: null,
      latencyMs: null,
    }));
  expect(pairedSums(outcomes(1, null, 1), outcomes(0.5, 1, null))).toEqual({ before: 1, after: 0.5, items: 1 });
});
