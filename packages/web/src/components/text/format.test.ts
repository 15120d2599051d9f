import { expect, test } from "vitest";
import {
  changeBetween,
  formatAgo,
  formatBytes,
  formatCompact,
  formatDuration,
  formatDurationTick,
  formatMoney,
  formatMoneyTick,
  formatNumberOf,
  formatPercent,
  formatShortMoney,
} from "./format.ts";

test.each([
  [null, "–"],
  [0, "$0"],
  [0.0000003, "$0.0000003"],
  [0.00042154, "$0.0004215"],
  [0.009999, "$0.009999"],
  [0.01, "$0.0100"],
  [0.61526, "$0.6153"],
  [12.345, "$12.35"],
  [12_345.6, "$12,346"],
])("money %s is written %s: four significant digits under a cent", (usd, text) => {
  expect(formatMoney(usd)).toBe(text);
});

test.each([
  [null, "–"],
  [0, "0 ms"],
  [0.42, "0.42 ms"],
  [412.4, "412 ms"],
  [1_239, "1.24 s"],
  [999.7, "1.00 s"],
  [42_000, "42.0 s"],
  [59_999, "1 m"],
  [192_000, "3 m 12 s"],
  [600_000, "10 m"],
  [3_600_000, "1 h"],
  [187_200_000, "2 d 4 h"],
])("a duration of %s ms is shown as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, "0"],
  [842, "842"],
  [9_999, "9,999"],
  [12_480, "12.5k"],
  [999_499, "999k"],
  [999_999, "1M"],
  [3_100_000, "3.1M"],
  [0.25, "0.25"],
])("%s fits a tile as %s", (value, text) => {
  expect(formatCompact(value)).toBe(text);
});

test.each([
  [null, "–"],
  [999, "999 B"],
  [531_068_096, "531 MB"],
  [4_294_967_296, "4.29 GB"],
])("%s bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test("a percentage is never 0 or 100 when the share is neither", () => {
  expect([0, 0.0004, 0.026, 0.5, 0.9996, 1].map(formatPercent)).toEqual([
    "0%",
    "<0.1%",
    "2.6%",
    "50%",
    ">99.9%",
    "100%",
  ]);
});

test("ticks of an axis carry no needless zeros", () => {
  expect([0, 500, 2_500, 5_000, 120_000].map(formatDurationTick)).toEqual(["0", "500 ms", "2.5 s", "5 s", "2 m"]);
  expect([0, 0.015, 0.5, 2].map(formatMoneyTick)).toEqual(["$0", "$0.015", "$0.5", "$2"]);
});

test("a change has no size when there is nothing before it", () => {
  expect(changeBetween(0, 5)).toBeNull();
  expect(changeBetween(null, 5)).toBeNull();
  expect(changeBetween(4, 5)).toBe(0.25);
});

test("the age is shown in one unit", () => {
  const now = Date.parse("2026-11-25T12:00:00Z");
  const before = (seconds: number) => formatAgo(new Date(now - seconds * 1_000).toISOString(), now);
  expect([2, 42, 240, 7_300, 200_000].map(before)).toEqual(["just now", "42 s ago", "4 min ago", "2 h ago", "2 d ago"]);
  expect(before(-90), "a clock that is ahead").toBe("just now");
});

test.each([
  [0, "0 spans"],
  [1, "1 span"],
  [12_480, "12,480 spans"],
])("%d of a thing is written %s", (count, written) => expect(formatNumberOf(count, "span")).toBe(written));

test.each([
  [0, "$0"],
  [0.0000002, "<$0.00001"],
  [0.00001, "$0.00001"],
  [0.00042154, "$0.00042"],
  [0.006451, "$0.0065"],
  [0.0123, "$0.0123"],
  [12, "$12.00"],
])("%d dollars are %s where room is short", (usd, written) => expect(formatShortMoney(usd)).toBe(written));
