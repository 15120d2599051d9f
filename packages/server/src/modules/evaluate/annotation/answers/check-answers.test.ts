import { AnnotationContent, AnnotationQuestion, type AnnotationValue } from "@treadle/contract";
import { expect, test } from "vitest";
import { messageOf } from "../../../../kernel/message-of.ts";
import { checkQuestions } from "../queues/questions.ts";
import { checkAnswers } from "./check-answers.ts";

const OPTIONS = ["a", "b", "c"].map((value) => ({ value }));
const content = AnnotationContent.parse({ fields: [{ key: "output", value: "0123456789" }] });
const question = (more: object) => AnnotationQuestion.parse({ key: "q", title: "Q", ...more });

function why(more: object, value: AnnotationValue, candidates: readonly string[] = []): string | null {
  const fields = content.fields;
  const own = { fields, candidates: candidates.map((id) => ({ id, fields })) };
  try {
    checkAnswers([question(more)], { q: value }, { content: own, candidates });
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

test("each kind of question takes what fits it, and says what it takes", () => {
  expect(why({ type: "label", options: OPTIONS }, "b")).toBeNull();
  expect(why({ type: "label", options: OPTIONS }, "d")).toContain('"a", "b", "c"');
  expect(why({ type: "multilabel", options: OPTIONS, max: 2 }, ["a", "b"])).toBeNull();
  expect(why({ type: "multilabel", options: OPTIONS, max: 2 }, ["a", "b", "c"])).toContain("at most 2");
  expect(why({ type: "multilabel", options: OPTIONS }, ["a", "a"])).toContain("twice");
  expect(why({ type: "rating", min: 1, max: 5 }, 2.5)).toContain("whole number");
  expect(why({ type: "text" }, "  ")).toContain("must not be empty");
  expect(why({ type: "text", maxLength: 3 }, "four")).toContain("at most 3");
  expect(why({ type: "correction", field: "output" }, "")).toBeNull();
  expect(why({ type: "rubric", criteria: [{ key: "x", title: "X" }] }, { x: 3 })).toBeNull();
  expect(why({ type: "rubric", criteria: [{ key: "x", title: "X" }] }, { y: 3 })).toContain('"x"');
  expect(why({ type: "pairwise" }, "left", ["left", "right"])).toBeNull();
  expect(why({ type: "pairwise", allowsTie: false }, "tie", ["left", "right"])).toContain('"left", "right"');
  expect(why({ type: "ranking" }, [["2"], ["1", "3"]], ["1", "2", "3"])).toBeNull();
  expect(why({ type: "ranking", allowsTies: false }, [["2"], ["1", "3"]], ["1", "2", "3"])).toContain("same rank");
  expect(why({ type: "ranking" }, [["2"], ["1"]], ["1", "2", "3"])).toContain("each of");
});

test("marks lie within the text, and over each other only where they may", () => {
  const span = { type: "span", field: "output", options: OPTIONS };
  const mark = (start: number, end: number, label = "a") => ({ start, end, label });
  expect(why(span, [mark(0, 4), mark(4, 10)])).toBeNull();
  expect(why(span, [mark(0, 11)])).toContain("has only 10 characters");
  expect(why(span, [mark(3, 3)])).toContain("not after its start");
  expect(why(span, [mark(0, 2, "z")])).toContain("unknown label");
  expect(why(span, [mark(0, 5), mark(4, 6)])).toContain("overlap");
  expect(why({ ...span, allowsOverlap: true }, [mark(0, 5), mark(4, 6)])).toBeNull();
});

test("questions that contradict themselves are refused with their place", () => {
  const binary = question({ type: "binary" });
  const refused = (questions: AnnotationQuestion[]) => expect(() => checkQuestions(questions));
  refused([binary, binary]).toThrow("`questions.1.key`");
  refused([question({ type: "rating", min: 5, max: 5 })]).toThrow("`questions.0.max`");
  refused([question({ type: "text", dependsOn: { question: "later", oneOf: [true] } })]).toThrow(
    "not an earlier question",
  );
  refused([question({ type: "multilabel", options: OPTIONS, min: 3, max: 2 })]).toThrow("`questions.0.min`");
});
