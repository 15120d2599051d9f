import { describe, expect, test } from "vitest";
import { draftOf, keyOf, newQuestion, QUESTION_TYPES, readQuestion, TEMPLATES } from "./question-draft.ts";

describe("keys of questions", () => {
  test("a title becomes a key, and the same title again another one", () => {
    expect(keyOf("Is it right?", [])).toBe("is_it_right");
    expect(keyOf("Is it right?", ["is_it_right"])).toBe("is_it_right_2");
    expect(keyOf("5 stars", [])).toBe("q_5_stars");
  });
});

test("every kind of question goes through the form unchanged", () => {
  for (const type of QUESTION_TYPES) {
    const draft = { ...newQuestion("1", type, "What of it?"), lines: "a: First\nb" };
    const read = readQuestion(draft, []);
    if ("problem" in read) throw new Error(`${type}: ${read.problem}`);
    const again = readQuestion(draftOf(read.question), []);
    expect(again).toEqual(read);
  }
});

test("what is wrong is told in the words of the form", () => {
  expect(readQuestion(newQuestion("1"), [])).toEqual({ problem: "Write what is asked, in at most 300 characters." });
  expect(readQuestion({ ...newQuestion("1", "label", "L"), lines: "only one" }, [])).toMatchObject({
    problem: "Write two options or more, one on a line.",
  });
  expect(readQuestion({ ...newQuestion("1", "label", "L"), lines: "a\na" }, [])).toMatchObject({
    problem: "Write two options or more, one on a line; two are the same.",
  });
  expect(readQuestion({ ...newQuestion("1", "rating", "R"), min: 5, max: 5 }, [])).toMatchObject({
    problem: "The highest step must be above the lowest.",
  });
});

test("templates can be sent as they are", () => {
  let ids = 0;
  for (const { questions } of TEMPLATES) {
    for (const draft of questions(() => String(++ids))) expect(readQuestion(draft, [])).toHaveProperty("question");
  }
});
