import { expect, test } from "vitest";
import { UploadedAnswer } from "./experiment-runs.ts";

test("two scores of one scorer for an answer are refused with the place of the second", () => {
  const score = { scorer: "correct", value: 1 };
  const read = UploadedAnswer.safeParse({ itemId: "item_1", scores: [score, { ...score, scorer: "short" }, score] });
  expect(read.error?.issues).toMatchObject([
    { path: ["scores", 2, "scorer"], message: 'names the scorer "correct" again; send one score of each' },
  ]);
  expect(UploadedAnswer.safeParse({ itemId: "item_1", scores: [score] }).success).toBe(true);
});
