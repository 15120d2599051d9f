import { expect, test } from "vitest";
import { formatScore } from "./format-score.ts";

test("scores of words, meaning and joined ranks have three significant digits", () => {
  expect([12.3456, 0.6249, 0.032522, 3, 0, -0.12345].map(formatScore)).toEqual([
    "12.3",
    "0.625",
    "0.0325",
    "3",
    "0",
    "-0.123",
  ]);
});
