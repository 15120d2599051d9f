import { AnnotationQuestion, type AnnotationValue } from "@treadle/contract";
import { expect, test } from "vitest";
import { isRight, leastAgreement, likeness } from "./compare-answers.ts";

const OPTIONS = ["a", "b", "c"].map((value) => ({ value }));
const question = (more: object) => AnnotationQuestion.parse({ key: "q", title: "Q", ...more });
const like = (more: object, one: AnnotationValue, other: AnnotationValue) => likeness(question(more), one, other);

test("answers are alike by what their question means", () => {
  expect(like({ type: "binary" }, true, false)).toBe(0);
  expect(like({ type: "rating" }, 2, 3)).toBe(0.75);
  expect(like({ type: "multilabel", options: OPTIONS }, ["a", "b"], ["b", "c"])).toBeCloseTo(1 / 3, 12);
  expect(like({ type: "multilabel", options: OPTIONS }, [], [])).toBe(1);
  expect(like({ type: "pairwise" }, "run_a", "tie")).toBe(0.5);
  expect(like({ type: "ranking", options: OPTIONS }, [["a"], ["b"], ["c"]], [["a"], ["c"], ["b"]])).toBeCloseTo(
    2 / 3,
    12,
  );
  const mark = (start: number, end: number) => [{ start, end, label: "a" }];
  expect(like({ type: "span", field: "output", options: OPTIONS }, mark(0, 10), mark(5, 15))).toBe(0.5);
  expect(like({ type: "span", field: "output", options: OPTIONS }, [], [])).toBe(1);
  const criteria = [
    { key: "x", title: "X" },
    { key: "y", title: "Y" },
  ];
  expect(like({ type: "rubric", criteria }, { x: 1, y: 5 }, { x: 5, y: 5 })).toBe(0.5);
  expect(like({ type: "text" }, "one", "two")).toBeNull();
});

test("an item agrees as little as its worst question, and texts say nothing", () => {
  const questions = [
    AnnotationQuestion.parse({ type: "binary", key: "good", title: "Good?" }),
    AnnotationQuestion.parse({ type: "rating", key: "stars", title: "Stars" }),
    AnnotationQuestion.parse({ type: "text", key: "why", title: "Why?" }),
  ];
  const answers = [
    { good: true, stars: 5, why: "a" },
    { good: true, stars: 4, why: "b" },
    { good: true, stars: 5, why: "c" },
  ];
  expect(leastAgreement(questions, answers)).toBeCloseTo((0.75 + 1 + 0.75) / 3, 12);
  expect(leastAgreement(questions, answers.slice(0, 1))).toBeNull();
});

test("a number is right within the tolerance, and marks when most of them are the same", () => {
  const rating = question({ type: "rating" });
  expect(isRight(rating, { given: 4, gold: 5, tolerance: 1 })).toBe(true);
  expect(isRight(rating, { given: 3, gold: 5, tolerance: 1 })).toBe(false);
  const span = question({ type: "span", field: "output", options: OPTIONS });
  const mark = (end: number) => [{ start: 0, end, label: "a" }];
  expect(isRight(span, { given: mark(9), gold: mark(10), tolerance: 0 })).toBe(true);
  expect(isRight(span, { given: mark(3), gold: mark(10), tolerance: 0 })).toBe(false);
  expect(isRight(question({ type: "text" }), { given: "a", gold: "b", tolerance: 0 })).toBeNull();
});
