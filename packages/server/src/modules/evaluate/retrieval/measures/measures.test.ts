import { evaluateTrecRun, readTrecQrels, readTrecRun } from "@treadle/metrics";
import { expect, test } from "vitest";
import { quantile, spreadOf, suggestThreshold } from "./answer-threshold.ts";
import { holds, judgeHits, type PlacedJudgement } from "./judge-hits.ts";
import { measureQuestion } from "./measure-question.ts";
import { placeQuote } from "./place-quote.ts";

const chunk = (start: number, end: number, documentId = "a") => ({ documentId, start, end });
const span = (start: number | null, end: number | null, more: Partial<PlacedJudgement> = {}): PlacedJudgement => ({
  documentId: "a",
  start,
  end,
  grade: 1,
  isLost: false,
  ...more,
});
const document = (documentId: string, grade: number) => span(null, null, { documentId, grade });

test("a chunk is relevant from the given share of the span or of itself, whichever is shorter", () => {
  expect(holds(chunk(0, 100), span(90, 110), 0.5)).toBe(true);
  expect(holds(chunk(0, 100), span(91, 111), 0.5)).toBe(false);
  expect(holds(chunk(100, 200), span(0, 1_000), 1)).toBe(true);
  expect(holds(chunk(0, 100), span(100, 110), 0.01)).toBe(false);
  expect(holds(chunk(0, 100, "b"), span(0, 100), 0.5)).toBe(false);
  expect(holds(chunk(0, 100), span(0, 100, { isLost: true }), 0.5)).toBe(false);
});

test("a judgement without a span is about each chunk of its document, and counts at the first one", () => {
  const hits = [chunk(0, 10, "b"), chunk(0, 10), chunk(10, 20)];
  const ranking = judgeHits(hits, [document("a", 2)], 0.5);
  expect(ranking.grades).toEqual([null, 2, 2]);
  expect(measureQuestion(ranking)).toMatchObject({ mrr10: 0.5, map: 0.5, hit1: 0, recall: 1, unjudged10: 1 / 3 });
});

test("a chunk that repeats a found span brings nothing, and spans in one chunk count as one", () => {
  const repeated = judgeHits([chunk(0, 50), chunk(10, 60), chunk(100, 150)], [span(10, 40), span(100, 120)], 0.5);
  expect(measureQuestion(repeated).map).toBeCloseTo((1 + 2 / 3) / 2, 12);
  const together = judgeHits([chunk(0, 100)], [span(10, 20, { grade: 3 }), span(50, 60)], 0.5);
  expect(measureQuestion(together)).toMatchObject({ ndcg10: 1, map: 1, recall: 1, hit1: 1 });
});

test("a lost judgement counts as missed", () => {
  const ranking = judgeHits([chunk(0, 100)], [span(10, 20), span(50, 60, { isLost: true })], 0.5);
  expect(measureQuestion(ranking)).toMatchObject({ recall: 0.5, map: 0.5 });
});

test("without anything relevant there are no measures, and judged hits keep their grade", () => {
  const ranking = judgeHits([chunk(0, 100)], [span(0, 100, { grade: 0 })], 0.5);
  expect(ranking.grades).toEqual([0]);
  expect(measureQuestion(ranking)).toEqual({
    ndcg10: null,
    map: null,
    mrr10: null,
    hit1: null,
    recall: null,
    unjudged10: null,
  });
});

test("judged documents get the values of trec_eval, which sorts ties by document id descending", () => {
  const judged = [document("d1", 3), document("d2", 2), document("d3", 0), document("d4", 1), document("d5", 0)];
  const hits = ["d3", "d1", "d6", "d2", "d4"].map((id) => chunk(0, 10, id));
  expect(measureQuestion(judgeHits(hits, judged, 0.5))).toMatchObject({
    map: 0.5333333333333333,
    ndcg10: 0.6596152573136869,
    mrr10: 0.5,
    recall: 1,
  });
  const tied = ["d7", "d2", "d1", "d8"].map((id) => chunk(0, 10, id));
  const others = [document("d1", 1), document("d7", 1), document("d9", 1)];
  expect(measureQuestion(judgeHits(tied, others, 0.5))).toMatchObject({
    map: 0.5555555555555555,
    ndcg10: 0.7039180890341347,
    mrr10: 1,
    recall: 0.6666666666666666,
  });
  const { queries } = evaluateTrecRun(
    readTrecRun("q2 Q0 d1 1 .5 t\nq2 Q0 d7 2 .5 t\nq2 Q0 d2 3 .5 t\nq2 Q0 d8 4 .4 t"),
    readTrecQrels("q2 0 d1 1\nq2 0 d7 1\nq2 0 d9 1"),
    { cuts: [10] },
  );
  expect(queries.get("q2")?.map?.value).toBe(0.5555555555555555);
});

test("the threshold separates both kinds of questions in the middle of the widest gap", () => {
  const split = { answerable: [0.8, 0.9, 0.7], unanswerable: [0.2, 0.3] };
  expect(suggestThreshold(split)).toEqual({ threshold: 0.5, balancedAccuracy: 1 });
  const mixed = suggestThreshold({ answerable: [0.9, 0.8, 0.4], unanswerable: [0.5, 0.1] });
  expect(mixed.balancedAccuracy).toBeCloseTo((2 / 3 + 1) / 2, 12);
  expect(mixed.threshold).toBeCloseTo(0.65, 12);
  expect(suggestThreshold({ answerable: [0.5], unanswerable: [] })).toEqual({
    threshold: null,
    balancedAccuracy: null,
  });
});

test("scores that tell nothing have a balanced accuracy of one half", () => {
  expect(suggestThreshold({ answerable: [1, 1], unanswerable: [1] }).balancedAccuracy).toBe(0.5);
  expect(suggestThreshold({ answerable: [0.1], unanswerable: [0.9] }).balancedAccuracy).toBe(0.5);
});

test("a spread has the quartiles, and nothing has none", () => {
  expect(spreadOf([4, 1, 3, 2, 5])).toEqual({ least: 1, lowerQuartile: 2, median: 3, upperQuartile: 4, most: 5 });
  expect(spreadOf([])).toBeNull();
  expect(quantile([1, 2], 0.5)).toBe(1.5);
});

test("a quote is found where it is nearest, also with other white space", () => {
  expect(placeQuote("ab cd ab", "ab", 5)).toEqual({ start: 6, end: 8 });
  expect(placeQuote("it takes\n 14 days.", "takes 14 days")).toEqual({ start: 3, end: 17 });
  expect(placeQuote("costs (a.b) $5 – now", "(a.b) $5 – now")).toEqual({ start: 6, end: 20 });
  expect(placeQuote("nothing", "something")).toBeNull();
});
