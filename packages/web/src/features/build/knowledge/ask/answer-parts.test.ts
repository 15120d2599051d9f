import { expect, test } from "vitest";
import { partsOf } from "./answer-parts.ts";

const citationOf = (number: number, markStart: number, markEnd: number) => ({
  number,
  markStart,
  markEnd,
  documentId: "kdoc_1",
  chunkId: "1",
  title: "Refunds",
  page: null,
  start: 0,
  end: 1,
  quote: "",
  verified: true,
});

test("an answer is cut at its marks, and a mark of two passages is one part", () => {
  const answer = "Five days [1, 2]. More.";
  const parts = partsOf({ answer, citations: [citationOf(1, 10, 16), citationOf(2, 10, 16)] });
  expect(parts.map(({ text, number }) => [text, number])).toEqual([
    ["Five days ", null],
    ["[1, 2]", 1],
    [". More.", null],
  ]);
});

test("an answer without citations is one part", () => {
  expect(partsOf({ answer: "No.", citations: [] })).toEqual([{ start: 0, text: "No.", number: null }]);
});
