import { expect, test } from "vitest";
import { toWellFormedJson } from "./safe-json.ts";

test("half of a surrogate pair is recorded as U+FFFD, a whole pair and an escaped text as they are", () => {
  const value = { cut: "a\ud83d", pair: "\u{1f600}", text: "\\ud83d", both: "\\\ude00" };
  expect(JSON.parse(toWellFormedJson(value))).toEqual({
    cut: "a\ufffd",
    pair: "\u{1f600}",
    text: "\\ud83d",
    both: "\\\ufffd",
  });
});
