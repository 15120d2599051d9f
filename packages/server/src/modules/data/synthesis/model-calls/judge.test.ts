import { expect, test } from "vitest";
import { readScore } from "./judge.ts";

test.each([
  ['{"reason": "clear", "score": 8}', 8],
  ['{"rating": "6"}', 6],
  ["Score: 7. It is fine.", 7],
  ["I would give it 9/10", 9],
  ["**score** is 3.5", 3.5],
])("a judge's %s is a score", (said, score) => {
  expect(readScore(said)).toMatchObject({ score });
});
test.each(["It is good.", '{"score": 55}', '{"score": "high"}'])("a judge's %s is none", (said) => {
  expect(readScore(said)).toBeNull();
});
