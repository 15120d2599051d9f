import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateTrecRun } from "./evaluate-run.ts";
import { bpref, rPrecision } from "./judged.ts";
import { readTrecQrels, readTrecRun, writeTrecQrels, writeTrecRun } from "./trec-files.ts";

const QRELS = `q1 0 d1 3
q1 0 d2 2
q1 0 d3 0
q1 0 d4 1
q1 0 d5 0
q2 0 d1 1
q2 0 d7 1
q2 0 d9 1
q3 0 d2 0
q4 0 d1 1
`;
/** The ranks contradict the scores. */
const RUN = `q1 Q0 d4 1 .5 tag
q1 Q0 d3 2 .9 tag
q1\tQ0\td1\t3\t.8\ttag
q1 Q0 d6 4 .7 tag

q1 Q0 d2 5 .6 tag\r
q2 Q0 d1 1 .5 tag
q2 Q0 d7 2 .5 tag
q2 Q0 d2 3 .5 tag
q2 Q0 d8 4 4e-1 tag
q3 Q0 d2 1 1 tag
q9 Q0 d2 1 1 tag
`;
const valuesOf = (query: string) => {
  const { queries } = evaluateTrecRun(readTrecRun(RUN), readTrecQrels(QRELS), { cuts: [3, 5] });
  return Object.fromEntries(Object.entries(queries.get(query) ?? {}).map(([name, { value }]) => [name, value]));
};

test("a run is evaluated as pytrec_eval evaluates it, ties by document id descending", () => {
  expect(valuesOf("q1")).toEqual({
    map: 0.5333333333333333,
    ndcg: 0.6596152573136869,
    recip_rank: 0.5,
    Rprec: 0.3333333333333333,
    bpref: 0.5,
    ndcg_cut_3: 0.39748952229168844,
    P_3: 0.3333333333333333,
    recall_3: 0.3333333333333333,
    ndcg_cut_5: 0.6596152573136869,
    P_5: 0.6,
    recall_5: 1,
  });
  expect(valuesOf("q2")).toMatchObject({
    map: 0.5555555555555555,
    ndcg: 0.7039180890341347,
    recip_rank: 1,
    P_5: 0.4,
    recall_3: 0.6666666666666666,
    Rprec: 0.6666666666666666,
    bpref: 0.6666666666666666,
  });
  expect(valuesOf("q3")).toMatchObject({ map: null, ndcg: null, bpref: null, Rprec: null, P_3: 0 });
});

test("means leave out queries with nothing relevant, and queries without results are listed", () => {
  const { queries, means, missing } = evaluateTrecRun(readTrecRun(RUN), readTrecQrels(QRELS), { cuts: [3] });
  expect([...queries.keys()]).toEqual(["q1", "q2", "q3"]);
  expect(missing).toEqual(["q4"]);
  expect(means.map?.value).toBeCloseTo((0.5333333333333333 + 0.5555555555555555) / 2, 15);
  expect(means.P_3?.value).toBeCloseTo(0.5, 15);
});

test("scores that differ beyond 32 bits are ties, and relevance below 0 is not judged", () => {
  const run = readTrecRun("q Q0 a 1 .40000000001 t\nq Q0 b 2 .4 t\nq Q0 c 3 .5 t");
  expect(run.get("q")?.map(({ document }) => document)).toEqual(["c", "b", "a"]);
  const { queries } = evaluateTrecRun(run, readTrecQrels("q 0 a 1\nq 0 c -1"), { cuts: [1] });
  expect(queries.get("q")?.bpref?.value).toBe(1);
});

test("bpref counts judged documents above each relevant one, and a repeated document only once", () => {
  const relevant = new Map([
    ["a", 1],
    ["b", 1],
    ["x", 0],
    ["y", 0],
  ]);
  expect(bpref({ retrieved: ["a", "x", "b", "y"], relevant }).value).toBe(0.75);
  expect(bpref({ retrieved: ["a", "x", "x", "u", "b"], relevant }).value).toBe(0.75);
  expect(bpref({ retrieved: ["u", "x", "y", "a", "b"], relevant }).value).toBe(0);
  expect(rPrecision({ retrieved: ["a", "x", "b"], relevant }).value).toBe(0.5);
});

test("runs and qrels survive a round trip", () => {
  const id = fc.stringMatching(/^\S{1,6}$/);
  const run = fc.dictionary(id, fc.dictionary(id, fc.double({ noNaN: true, noDefaultInfinity: true }), { minKeys: 1 }));
  fc.assert(
    fc.property(run, (queries) => {
      const lines = Object.entries(queries).flatMap(([query, documents]) =>
        Object.entries(documents).map(([document, score]) => `${query} Q0 ${document} 0 ${score} t`),
      );
      const read = readTrecRun(lines.join("\n"));
      expect(readTrecRun(writeTrecRun(read, "name"))).toEqual(read);
    }),
    { seed: 17 },
  );
  expect(writeTrecQrels(readTrecQrels(QRELS))).toBe(QRELS);
  expect(writeTrecRun(readTrecRun("q Q0 a 9 1 t\nq Q0 b 9 2 t"), "mine")).toBe("q Q0 b 1 2 mine\nq Q0 a 2 1 mine\n");
});

test.each([
  ["q1 Q0 d1 1 .5 t\nq1 Q0 d1 .5", "Line 2 has 4 fields. It must have 6"],
  ["q1 Q0 d1 1 high t", 'Line 1: the score "high" is not a number'],
  ["\nq1 Q0 d1 1 .5 t\nq1 Q0 d1 2 .4 t", "Line 3: query q1 has document d1 already"],
])("a malformed run is rejected with its line: %j", (text, message) => {
  expect(() => readTrecRun(text)).toThrow(message);
});

test("malformed qrels and ids that a file cannot hold are rejected", () => {
  expect(() => readTrecQrels("q1 0 d1")).toThrow("Line 1 has 3 fields. It must have 4");
  expect(() => readTrecQrels("q1 0 d1 1.5")).toThrow('Line 1: the relevance "1.5" is not a whole number');
  expect(() => writeTrecRun(new Map([["q", [{ document: "a b", score: 1 }]]]), "t")).toThrow('document id "a b"');
  expect(() => writeTrecRun(new Map([["q", [{ document: "a", score: Number.NaN }]]]), "t")).toThrow(
    "score of document a",
  );
  expect(() => writeTrecQrels(new Map([["q", new Map([["a", 0.5]])]]))).toThrow("relevance of document a is 0.5");
});
