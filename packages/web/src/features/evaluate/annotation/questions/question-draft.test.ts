import { describe, expect, test } from "vitest";
import { draftOf, keyOf, newQuestion, QUESTION_TYPES, readQuestion, TEMPLATES } from "./question-draft.ts";

describe("keys of questions", () => {
  test("a title becomes a key, and the same title gets another key", () => {
    expect(keyOf("Is it right?", [])).toBe("is_it_right");
    expect(keyOf("Is it right?", ["is_it_right"])).toBe("is_it_right_2");
    expect(keyOf("5 stars", [])).toBe("q_5_stars");
  });
});

test("every type of question survives a round trip through the form", () => {
  for (const type of QUESTION_TYPES) {
    const draft = { ...newQuestion("1", type, "What of it?"), lines: "a: First\nb" };
    const read = readQuestion(draft, []);
    if ("problem" in read) throw new Error(`${type}: ${read.problem}`);
    const again = readQuestion(draftOf(read.question), []);
    expect(again).toEqual(read);
  }
});

test("errors use the words of the form", () => {
  expect(readQuestion(newQuestion("1"), [])).toEqual({ problem: "Enter a question of at most 300 characters." });
  expect(readQuestion({ ...newQuestion("1", "label", "L"), lines: "only one" }, [])).toMatchObject({
    problem: "Enter at least two options, one per line.",
  });
  expect(readQuestion({ ...newQuestion("1", "label", "L"), lines: "a\na" }, [])).toMatchObject({
    problem: "Enter at least two different options, one per line.",
  });
  expect(readQuestion({ ...newQuestion("1", "rating", "R"), min: 5, max: 5 }, [])).toMatchObject({
    problem: "The highest step must be above the lowest.",
  });
});

test("templates are valid without changes", () => {
  let ids = 0;
  for (const { questions } of TEMPLATES) {
    for (const draft of questions(() => String(++ids))) expect(readQuestion(draft, [])).toHaveProperty("question");
  }
});
