import { expect, test } from "vitest";
import { formatDone, formatLeft, leftMs } from "./job-words.ts";

test("progress is shown as far as it is known", () => {
  const progress = { done: 0, total: null, unit: "rows", message: "" };
  expect(formatDone(progress)).toBe("");
  expect(formatDone({ ...progress, done: 12_000 })).toBe("12,000 rows");
  expect(formatDone({ ...progress, done: 12_000, total: 200_000 })).toBe("12,000 of 200,000 rows");
  expect(formatDone({ ...progress, total: 3, unit: "" })).toBe("0 of 3");
  expect(formatDone({ ...progress, done: 92_000_000, total: 184_000_000, unit: "bytes" })).toBe("92 MB of 184 MB");
});

test("what is left follows the pace that was seen, also of a job that did not begin with nothing", () => {
  const first = { done: 50_000, at: 1_000 };
  expect(leftMs(first, { done: 60_000, at: 11_000 }, 100_000)).toBe(40_000);
  expect(leftMs(first, { done: 50_000, at: 11_000 }, 100_000)).toBeNull();
  expect(leftMs(first, { done: 60_000, at: 2_000 }, 100_000)).toBeNull();
  expect(leftMs(first, { done: 60_000, at: 11_000 }, null)).toBeNull();
  expect(leftMs(first, { done: 100_000, at: 11_000 }, 100_000)).toBe(0);
});

test("the remaining time is shown rounded", () => {
  expect(formatLeft(null)).toBe("");
  expect(formatLeft(200)).toBe("about 1 s left");
  expect(formatLeft(17_400)).toBe("about 17 s left");
  expect(formatLeft(131_000)).toBe("about 2 m 10 s left");
});
