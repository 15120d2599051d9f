import { expect, test } from "vitest";
import { describeChange } from "./change.ts";

test("a rise of what should stay low is worse, a fall of it is better, and the arrow comes with a word", () => {
  expect(describeChange({ before: 100, now: 150, better: "down" })).toEqual({
    text: "▲ 50%",
    verdict: "worse",
    words: "50% more",
  });
  expect(describeChange({ before: 100, now: 50, better: "down" })?.verdict).toBe("better");
  expect(describeChange({ before: 0.5, now: 0.6, better: "up" })?.verdict).toBe("better");
});

test("where more is neither good nor bad there is no verdict", () => {
  expect(describeChange({ before: 10, now: 20, better: undefined })?.verdict).toBeUndefined();
});

test("a change too small to be read is none, and a huge one is a multiple", () => {
  expect(describeChange({ before: 1000, now: 1001, better: "down" })?.text).toBe("= unchanged");
  expect(describeChange({ before: 1, now: 12, better: undefined })?.text).toBe("▲ 12×");
});

test("nothing is compared with nothing", () => {
  expect(describeChange({ before: null, now: 3, better: undefined })).toBeNull();
  expect(describeChange({ before: 0, now: 3, better: undefined })).toBeNull();
});
