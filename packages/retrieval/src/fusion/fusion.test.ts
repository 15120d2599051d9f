import { expect, test } from "vitest";
import { diversify } from "./diversify.ts";
import { fuseByRank } from "./fuse-by-rank.ts";
import { fuseByScore, scaleScores } from "./fuse-by-score.ts";

const A = ["a", "b", "c", "d"];
const B = ["c", "e", "a", "f"];
const scores = (fused: readonly { id: string; score: number }[]) => fused.map(({ id, score }) => [id, score]);

test("reciprocal rank fusion gives the reference scores, ties by best rank and then by id", () => {
  expect(scores(fuseByRank([A, B]))).toEqual([
    ["a", 0.032266458495966696],
    ["c", 0.032266458495966696],
    ["b", 0.016129032258064516],
    ["e", 0.016129032258064516],
    ["d", 0.015625],
    ["f", 0.015625],
  ]);
  expect(fuseByRank([A, B])[0]?.ranks).toEqual([1, 3]);
});

test("weights change the shares of the rankings", () => {
  const expected: [string, number][] = [
    ["a", 0.016237314597970336],
    ["c", 0.016029143897996354],
    ["b", 0.01129032258064516],
    ["d", 0.0109375],
    ["e", 0.004838709677419355],
    ["f", 0.0046875],
  ];
  const fused = fuseByRank([A, B], { weights: [0.7, 0.3] });
  expect(fused.map(({ id }) => id)).toEqual(expected.map(([id]) => id));
  for (const [at, [, score]] of expected.entries()) expect(fused[at]?.score).toBeCloseTo(score, 15);
});

test("a tie goes to the better best rank before the id", () => {
  const rankings = [["p", "q", "a"], ["r", "s", "a", "z"], ["z"]];
  const fused = fuseByRank(rankings, { weights: [0, 0, 0] });
  expect(fused.map(({ id }) => id)).toEqual(["p", "r", "z", "q", "s", "a"]);
});
  expect(best.map(({ id }) => id)).toEqual(["p", "r", "z", "q", "s", "a"]);
});

test("score fusion scales each ranking from 0 to 1 before it weighs them", () => {
  const lexical = [
    { id: "a", score: 12 },
    { id: "b", score: 7 },
    { id: "c", score: 2 },
  ];
  const semantic = [
    { id: "c", score: 0.9 },
    { id: "b", score: 0.8 },
    { id: "d", score: 0.4 },
  ];
  const fused = fuseByScore([lexical, semantic]);
  expect(fused.map(({ id }) => id)).toEqual(["b", "a", "c", "d"]);
  expect(fused[0]?.score).toBeCloseTo(0.25 + 0.4, 12);
  expect(fuseByScore([lexical, semantic], [0, 1])[0]?.id).toBe("c");
  expect(scaleScores([3, 3])).toEqual([1, 1]);
  expect(fuseByScore([[], []])).toEqual([]);
});

test("diversity prefers a less relevant candidate over a copy of a picked one", () => {
  const candidates = [
    { id: "refund", score: 0.9, topic: 1 },
    { id: "refund copy", score: 0.88, topic: 1 },
    { id: "shipping", score: 0.6, topic: 2 },
  ];
  const similarity = (one: { topic: number }, other: { topic: number }) => (one.topic === other.topic ? 1 : 0);
  const ids = (lambda?: number) => diversify(candidates, { limit: 2, similarity, lambda }).map(({ id }) => id);
  expect(ids()).toEqual(["refund", "shipping"]);
  expect(ids(1)).toEqual(["refund", "refund copy"]);
  expect(diversify(candidates, { limit: 9, similarity })).toHaveLength(3);
});

test("rankings with duplicates, wrong weights and wrong options are rejected", () => {
  expect(() => fuseByRank([["a", "a"]])).toThrow('Ranking 0 has "a" twice');
  expect(() => fuseByRank([A, B], { weights: [1] })).toThrow("1 weights for 2 rankings");
  expect(() => fuseByRank([A], { weights: [-1] })).toThrow("A weight is -1");
  expect(() => fuseByRank([A], { k: Number.NaN })).toThrow("k is NaN");
  expect(() => fuseByScore([[{ id: "a", score: Number.NaN }]])).toThrow("A score is NaN");
  expect(() => diversify([], { limit: 1, similarity: () => 0, lambda: 2 })).toThrow("lambda is 2");
  expect(() => diversify([], { limit: 0, similarity: () => 0 })).toThrow("The limit is 0");
});
