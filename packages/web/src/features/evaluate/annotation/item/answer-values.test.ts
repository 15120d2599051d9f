import { AnnotationQuestions } from "@treadle/contract";
import { describe, expect, test } from "vitest";
import {
  answerDigit,
  answersToSend,
  askedQuestions,
  mark,
  missingIn,
  placeOfDigit,
  rank,
  stopsOf,
  stretchAt,
} from "./answer-values.ts";

const questions = AnnotationQuestions.parse([
  { type: "binary", key: "right", title: "Is it right?" },
  {
    type: "label",
    key: "fault",
    title: "What is wrong?",
    options: [{ value: "made up" }, { value: "too long" }],
    dependsOn: { question: "right", oneOf: [false] },
  },
  { type: "rating", key: "tone", title: "Tone", min: 1, max: 5, isRequired: false },
  {
    type: "rubric",
    key: "rubric",
    title: "Rubric",
    criteria: [
      { key: "clear", title: "Clear" },
      { key: "kind", title: "Kind" },
    ],
  },
  { type: "multilabel", key: "topics", title: "Topics", options: [{ value: "a" }, { value: "b" }], max: 1 },
]);
const [right, fault, tone, clear, kind, topics] = stopsOf(questions);
if (!right || !fault || !tone || !clear || !kind || !topics) throw new Error("Six stops were expected.");

describe("conditional questions", () => {
  test("a conditional question appears only after the answer that it depends on", () => {
    expect(askedQuestions(questions, {}).map(({ key }) => key)).not.toContain("fault");
    expect(askedQuestions(questions, { right: false }).map(({ key }) => key)).toContain("fault");
  });
  test("the answer to a hidden question is not sent", () => {
    const values = { right: true, fault: "made up", tone: 4, topics: [] };
    expect(answersToSend(questions, values)).toEqual({ right: true, tone: 4 });
  });
});

describe("keys", () => {
  test("digits select options by position and rating steps by number", () => {
    expect(placeOfDigit(right, 1)).toBe(0);
    expect(placeOfDigit(fault, 0)).toBe(9);
    expect(answerDigit(tone, {}, 4)).toEqual({ tone: 4 });
    expect(answerDigit(tone, {}, 6)).toBeUndefined();
    expect(answerDigit(right, {}, 2)).toEqual({ right: false });
  });
  test("a rubric has one stop per criterion", () => {
    const first = answerDigit(clear, {}, 5);
    expect(answerDigit(kind, first ?? {}, 2)).toEqual({ rubric: { clear: 5, kind: 2 } });
  });
  test("a digit adds a label, and the same digit removes it", () => {
    const first = answerDigit(topics, {}, 2);
    expect(first).toEqual({ topics: ["b"] });
    expect(answerDigit(topics, first ?? {}, 2)).toEqual({ topics: [] });
  });
});

test("missing answers are reported by question, and optional answers are not missing", () => {
  expect(Object.keys(missingIn(questions, {}, 0))).toEqual(["right", "rubric", "topics"]);
  const answers = { right: true, rubric: { clear: 1, kind: 2 }, topics: ["a"] };
  expect(missingIn(questions, answers, 0)).toEqual({});
  expect(missingIn(questions, { ...answers, topics: ["a", "b"] }, 0)).toEqual({ topics: "Choose at most 1." });
});

test("ranks fill from the best, ties share a rank, and a second press removes an option", () => {
  const first = rank([], "2", false);
  const second = rank(first, "1", false);
  expect(rank(second, "3", true)).toEqual([["2"], ["1", "3"]]);
  expect(rank(second, "2", false)).toEqual([["1"]]);
});

describe("text marks", () => {
  const text = "Call  Anna Schmidt today.";
  test("a position inside a word selects the word, and surrounding white space is ignored", () => {
    expect(stretchAt(text, 8, 8)).toEqual({ start: 6, end: 10 });
    expect(stretchAt(text, 18, 4)).toEqual({ start: 6, end: 18 });
    expect(stretchAt(text, 4, 5)).toBeUndefined();
  });
  test("without overlap, a new mark replaces the marks that it touches", () => {
    const first = mark([], { start: 6, end: 10, label: "person" }, false);
    expect(mark(first, { start: 6, end: 18, label: "person" }, false)).toEqual([
      { start: 6, end: 18, label: "person" },
    ]);
    expect(mark(first, { start: 6, end: 18, label: "name" }, true)).toHaveLength(2);
    expect(mark(first, { start: 6, end: 10, label: "person" }, false)).toEqual([]);
  });
});
