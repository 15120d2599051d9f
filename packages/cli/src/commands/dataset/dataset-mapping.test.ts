import { expect, test } from "vitest";
import { readMapping } from "./dataset-mapping.ts";

const guess = (column: string, to: "inputs" | "expected" | "metadata") => ({
  column,
  to,
  name: null,
  parse: "as-is" as const,
});
const guessed = [guess("text", "inputs"), guess("label", "expected"), guess("score", "metadata")];

test("mapped columns override guesses, and a column guessed as expected loses that role", () => {
  expect(readMapping(["score=expected:number", "text=inputs.question"], guessed)).toEqual([
    { column: "text", to: "inputs", name: "question", parse: "as-is" },
    { column: "label", to: "metadata", name: null, parse: "as-is" },
    { column: "score", to: "expected", name: null, parse: "number" },
  ]);
});

test.each([
  ["other=inputs", 'no column "other". Its columns: text, label, score.'],
  ["text=elsewhere", "is not a valid mapping"],
  ["text", "is not a valid mapping"],
  ["=inputs", "is not a valid mapping"],
])("%s is refused with what to write", (place, message) => {
  expect(() => readMapping([place], guessed)).toThrow(message);
});
