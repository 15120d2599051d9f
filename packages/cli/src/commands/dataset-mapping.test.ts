import { expect, test } from "vitest";
import { readMapping } from "./dataset-mapping.ts";

const guess = (column: string, to: "inputs" | "expected" | "metadata") => ({
  column,
  to,
  name: null,
  parse: "as-is" as const,
});
const guessed = [guess("text", "inputs"), guess("label", "expected"), guess("score", "metadata")];

test("places stand before what is guessed, and a column that was guessed to be expected is so no more", () => {
  expect(readMapping(["score=expected:number", "text=inputs.question"], guessed)).toEqual([
    { column: "text", to: "inputs", name: "question", parse: "as-is" },
    { column: "label", to: "metadata", name: null, parse: "as-is" },
    { column: "score", to: "expected", name: null, parse: "number" },
  ]);
});

test.each([
  ["other=inputs", 'no column "other". It has: text, label, score.'],
  ["text=elsewhere", "is not a place"],
  ["text", "is not a place"],
  ["=inputs", "is not a place"],
])("%s is refused with what to write", (place, message) => {
  expect(() => readMapping([place], guessed)).toThrow(message);
});
