import { expect, test } from "vitest";
import { isRelative, labelOf, parseRange, previousLabel, resolveRange } from "./time-range.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");

test("an address without a time means the last 24 hours", () => {
  expect(resolveRange({}, NOW)).toEqual({ from: "2026-11-24T12:00:00.000Z", to: "2026-11-25T12:00:00.000Z" });
  expect(labelOf({})).toBe("Last 24 hours");
});

test("a preset counts back from now, two moments stay where they are", () => {
  expect(resolveRange({ range: "1h" }, NOW).from).toBe("2026-11-25T11:00:00.000Z");
  const fixed = { from: "2026-01-01T00:00:00.000Z", to: "2026-01-02T00:00:00.000Z" };
  expect(resolveRange(fixed, NOW)).toEqual(fixed);
  expect([isRelative({ range: "1h" }), isRelative(fixed)]).toEqual([true, false]);
});

test.each([
  [{ range: "nonsense" }],
  [{ from: "yesterday", to: "2026-01-02T00:00:00Z" }],
  [{ from: "2026-01-03T00:00:00Z", to: "2026-01-02T00:00:00Z" }],
  [{ from: "2026-01-03T00:00:00Z" }],
])("an address with %j falls back to the last 24 hours", (search) => {
  expect(parseRange(search)).toEqual({});
});

test("a comparison says what it compares with", () => {
  expect(previousLabel({ range: "7d" })).toBe("the previous 7 days");
  expect(previousLabel({ from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" })).toBe("the previous period");
});
