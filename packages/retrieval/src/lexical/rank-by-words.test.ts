import fc from "fast-check";
import { expect, test } from "vitest";
import { createAnalyzer } from "../analysis/index.ts";
import { buildLexicalIndex } from "./rank-by-words.ts";
import { collectTerms } from "./segment-terms.ts";

const DOCUMENTS = [
  "the cat sat on the mat",
  "the dog sat on the log",
  "cats and dogs are pets",
  "a refund takes five days",
  "refund policy for the cat",
];
/** Malay has no stemmer, so words stay as they are. */
const plain = createAnalyzer("ms");
const segment = (bodies: readonly string[]) =>
  collectTerms(
    bodies.map((body) => ({ body })),
    plain,
  );
const index = buildLexicalIndex([segment(DOCUMENTS.slice(0, 2)), segment(DOCUMENTS.slice(2))]);

test("scores are those of Lucene's BM25", () => {
  expect(index.search(["cat", "refund"], { limit: 5 })).toEqual([
    { ordinal: 4, score: 0.8207519412692811 },
    { ordinal: 3, score: 0.41037597063464054 },
    { ordinal: 0, score: 0.38063858145821733 },
  ]);
  expect(index).toMatchObject({ chunkCount: 5, termCount: 19, averageLength: 5.4 });
});

test("a filter removes chunks and changes no score", () => {
  const allowed = Uint8Array.of(1, 0, 0, 1, 0);
  expect(index.search(["cat", "refund"], { limit: 5, allowed })).toEqual([
    { ordinal: 3, score: 0.41037597063464054 },
    { ordinal: 0, score: 0.38063858145821733 },
  ]);
  expect(() => index.search(["cat"], { limit: 5, allowed: new Uint8Array(4) })).toThrow("4 entries for 5 rows");
});

test("the explanation of a chunk adds up to its score", () => {
  const terms = ["cat", "refund", "unheard"];
  const explained = index.explain(4, terms);
  expect(explained.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(0.8207519412692811, 15);
  expect(explained[0]).toMatchObject({ term: "cat", documentFrequency: 2, frequency: 1 });
  expect(explained[2]).toMatchObject({ documentFrequency: 0, frequency: 0, contribution: 0 });
  expect(index.explain(1, ["cat"])[0]).toMatchObject({ frequency: 0, contribution: 0 });
  expect(() => index.explain(5, terms)).toThrow("There is no chunk 5");
});

test("a word counts twice in the title and one and a half times in a heading", () => {
  const fields = collectTerms([{ body: "cat", title: "cat", heading: "cat dog" }], plain);
  const [cat, dog] = buildLexicalIndex([fields]).explain(0, ["cat", "dog"]);
  expect([cat?.frequency, dog?.frequency]).toEqual([4.5, 1.5]);
  expect(buildLexicalIndex([fields]).averageLength).toBe(6);
});

test("the same chunks give the same results however they are split into segments", () => {
  const word = fc.constantFrom("ant", "bee", "cow", "dog", "elk");
  const body = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "));
  fc.assert(
    fc.property(
      fc.array(body, { maxLength: 12 }),
      fc.nat(12),
      fc.array(word, { minLength: 1 }),
      (bodies, cut, terms) => {
        const one = buildLexicalIndex([segment(bodies)]);
        const two = buildLexicalIndex([segment(bodies.slice(0, cut)), segment(bodies.slice(cut))]);
        const results = one.search(terms, { limit: 4 });
        expect(two.search(terms, { limit: 4 })).toEqual(results);
        expect(one.search(terms, { limit: 4 })).toEqual(results);
        expect(one.search(terms, { limit: 100 }).slice(0, 4)).toEqual(results);
      },
    ),
    { seed: 5 },
  );
});

test("an empty index finds nothing, and segments of two analysis versions are rejected", () => {
  expect(buildLexicalIndex([]).search(["cat"], { limit: 3 })).toEqual([]);
  const old = { ...segment(["cat"]), analysis: "0" };
  expect(() => buildLexicalIndex([segment(["cat"]), old])).toThrow("Segment 1 was analyzed by version 0");
});
