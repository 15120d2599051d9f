import fc from "fast-check";
import { expect, test } from "vitest";
import { averagePrecisionAtK, hitAtK, meanReciprocalRank, precisionAtK, recallAtK, reciprocalRank } from "./found.ts";
import { ndcg, ndcgOfScores } from "./ndcg.ts";
import type { Retrieval } from "./retrieval.ts";

const document = fc.constantFrom("a", "b", "c", "d", "e", "f");
const retrieval: fc.Arbitrary<Retrieval> = fc.record({
  retrieved: fc.array(document, { maxLength: 10 }),
  relevant: fc.array(fc.tuple(document, fc.integer({ min: 0, max: 3 })), { maxLength: 5 }).map((all) => new Map(all)),
});
const METRICS = [
  hitAtK,
  recallAtK,
  precisionAtK,
  ...(["linear", "exponential"] as const).map((gain) => (one: Retrieval, k: number) => ndcg(one, { k, gain })),
  ...(["relevant", "reachable", "found"] as const).map(
    (per) => (one: Retrieval, k: number) => averagePrecisionAtK(one, { k, per }),
  ),
];

test("every measure lies between 0 and 1, and is undefined where nothing is relevant but for precision", () => {
  fc.assert(
    fc.property(retrieval, fc.integer({ min: 1, max: 12 }), (one, k) => {
      const isEmpty = [...one.relevant.values()].every((gain) => gain === 0);
      for (const metric of METRICS) {
        const { value } = metric(one, k);
        if (isEmpty && metric !== precisionAtK) expect(value).toBeNull();
        else expect(value).toSatisfy((share: number) => share >= 0 && share <= 1 + 1e-12);
      }
    }),
    { seed: 51 },
  );
});

test("the best order has nDCG 1, and a repeated document brings nothing but takes up its place", () => {
  const relevant = new Map([
    ["a", 3],
    ["b", 1],
  ]);
  expect(ndcg({ retrieved: ["a", "b", "x"], relevant }).value).toBe(1);
  expect(ndcg({ retrieved: ["a", "a", "b"], relevant }, { k: 2 }).value).toBeLessThan(1);
  expect(recallAtK({ retrieved: ["a", "a", "a"], relevant }, 3).value).toBe(0.5);
  expect(precisionAtK({ retrieved: ["a", "a", "b"], relevant }, 3).value).toBeCloseTo(2 / 3, 12);
});

test("the reciprocal rank is of the first relevant document, and queries without one are left out of the mean", () => {
  const relevant = new Map([["b", 1]]);
  expect(reciprocalRank({ retrieved: ["a", "b"], relevant }).value).toBe(0.5);
  expect(reciprocalRank({ retrieved: ["a"], relevant }).value).toBe(0);
  const queries = [
    { retrieved: ["a", "b"], relevant },
    { retrieved: ["a"], relevant: new Map() },
  ];
  expect(meanReciprocalRank(queries)).toMatchObject({ value: 0.5, signature: "mrr|over:queries|version:1" });
  expect(meanReciprocalRank(queries.slice(1)).reason).toBe("No query has a value.");
});

test("documents of one score share what their places bring, whatever their order", () => {
  const gains = [3, 0, 1, 2];
  const tied = { gains, scores: [1, 1, 1, 1] };
  expect(ndcgOfScores(tied).value).toBeCloseTo(ndcgOfScores({ ...tied, gains: gains.toReversed() }).value ?? -1, 12);
  expect(ndcgOfScores(tied).signature).toBe("ndcg|gain:linear|version:1|ties:mean");
  expect(ndcgOfScores({ gains: [0, 0], scores: [1, 2] }).value).toBeNull();
});

test("a cut that is none and a gain below 0 are refused", () => {
  const one = { retrieved: ["a"], relevant: new Map([["a", -1]]) };
  expect(() => precisionAtK(one, 1)).toThrow("The gain of a is -1");
  expect(() => recallAtK(one, 0)).toThrow("k is 0");
  expect(() => ndcg(one, { k: 1.5 })).toThrow("k is 1.5");
  expect(() => ndcgOfScores({ gains: [-1], scores: [1] })).toThrow("not 0 or more");
  expect(() => ndcgOfScores({ gains: [1], scores: [Number.NaN] })).toThrow("A score is NaN");
});
