import { expect, test } from "vitest";
import type { PreviewResult } from "../preview/use-previews.ts";
import { countWords, rateWords, readWords, shareWords } from "./share-words.ts";

const share = { count: 3, of: 10, share: 0.3, low: null, high: null };
const result = { matching: 40, read: 10, isSample: true, withoutText: 0, alreadyChanged: 0 } as PreviewResult;

test("the share of a sample has its interval", () => {
  expect(shareWords(share)).toBe("30%");
  expect(countWords({ ...share, low: 0.108, high: 0.603 })).toBe("3 · 30% (11% to 60%)");
  expect(countWords({ ...share, count: 0, of: 0, share: null })).toBe("0");
});

test("a rate of few cases is not a percentage", () => {
  expect(rateWords({ count: 1, of: 1, share: 1, low: 0.207, high: 1 }, "label")).toEqual({
    value: "Not enough labels",
    note: "1 of 1, 21% to 100%",
  });
  expect(rateWords({ count: 19, of: 20, share: 0.95, low: 0.764, high: 0.991 }, "label")).toEqual({
    value: "95%",
    note: "19 of 20, 76% to 99.1%",
  });
  expect(rateWords({ count: 0, of: 0, share: null, low: null, high: null }, "call").value).toBe("No calls");
});

test("a preview says what it read and what is missing", () => {
  expect(readWords(result)).toEqual(["A random sample of 10 of 40 calls was read. Intervals are 95%."]);
  expect(readWords({ ...result, isSample: false, withoutText: 1, alreadyChanged: 2 })).toEqual([
    "All 10 calls were read.",
    "The content of 1 call is not stored.",
    "A guard changed 2 calls before they were stored. What it removed cannot be found.",
  ]);
});
