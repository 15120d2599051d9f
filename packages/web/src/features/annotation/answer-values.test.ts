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

describe("questions that depend on others", () => {
  test("a question is asked only after the answer it waits for", () => {
    expect(askedQuestions(questions, {}).map(({ key }) => key)).not.toContain("fault");
    expect(askedQuestions(questions, { right: false }).map(({ key }) => key)).toContain("fault");
  });
  test("what was said to a question that is no longer asked is not sent", () => {
    const values = { right: true, fault: "made up", tone: 4, topics: [] };
    expect(answersToSend(questions, values)).toEqual({ right: true, tone: 4 });
  });
});

describe("keys", () => {
  test("digits count options from one, and steps of a rating by their own number", () => {
    expect(placeOfDigit(right, 1)).toBe(0);
    expect(placeOfDigit(fault, 0)).toBe(9);
    expect(answerDigit(tone, {}, 4)).toEqual({ tone: 4 });
    expect(answerDigit(tone, {}, 6)).toBeUndefined();
    expect(answerDigit(right, {}, 2)).toEqual({ right: false });
  });
  test("a rubric has a place for each criterion", () => {
    const first = answerDigit(clear, {}, 5);
    expect(answerDigit(kind, first ?? {}, 2)).toEqual({ rubric: { clear: 5, kind: 2 } });
  });
  test("a digit adds a label and takes it away again", () => {
    const first = answerDigit(topics, {}, 2);
    expect(first).toEqual({ topics: ["b"] });
    expect(answerDigit(topics, first ?? {}, 2)).toEqual({ topics: [] });
  });
});

test("what is missing is told question by question, and what is optional is not missing", () => {
  expect(Object.keys(missingIn(questions, {}, 0))).toEqual(["right", "rubric", "topics"]);
  const answered = { right: true, rubric: { clear: 1, kind: 2 }, topics: ["a"] };
  expect(missingIn(questions, answered, 0)).toEqual({});
  expect(missingIn(questions, { ...answered, topics: ["a", "b"] }, 0)).toEqual({ topics: "Choose 1 at most." });
});

test("ranks fill from the best, ties share one, and a second press takes an option out", () => {
  const first = rank([], "2", false);
  const second = rank(first, "1", false);
  expect(rank(second, "3", true)).toEqual([["2"], ["1", "3"]]);
  expect(rank(second, "2", false)).toEqual([["1"]]);
});

describe("marked stretches", () => {
  const text = "Call  Anna Schmidt today.";
  test("a place in a word means the word, and white space around a stretch is left out", () => {
    expect(stretchAt(text, 8, 8)).toEqual({ start: 6, end: 10 });
    expect(stretchAt(text, 18, 4)).toEqual({ start: 6, end: 18 });
    expect(stretchAt(text, 4, 5)).toBeUndefined();
  });
  test("without overlap the newer stretch takes the place of those it touches", () => {
    const first = mark([], { start: 6, end: 10, label: "person" }, false);
    expect(mark(first, { start: 6, end: 18, label: "person" }, false)).toEqual([
      { start: 6, end: 18, label: "person" },
    ]);
    expect(mark(first, { start: 6, end: 18, label: "name" }, true)).toHaveLength(2);
    expect(mark(first, { start: 6, end: 10, label: "person" }, false)).toEqual([]);
  });
});
