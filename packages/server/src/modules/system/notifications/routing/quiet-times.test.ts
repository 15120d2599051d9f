import { QuietTimes } from "@treadle/contract";
import { expect, test } from "vitest";
import { quietUntil } from "./quiet-times.ts";

const WORKDAYS = ["mon", "tue", "wed", "thu", "fri"];
const quiet = (changes: object) =>
  QuietTimes.parse({
    timeZone: "Europe/Berlin",
    days: [...WORKDAYS, "sat", "sun"],
    from: "22:00",
    to: "07:00",
    ...changes,
  });
const until = (changes: object, at: string) => {
  const end = quietUntil(quiet(changes), Date.parse(at));
  return end === null ? null : new Date(end).toISOString();
};

// 2026-12-01 is a Tuesday. Berlin is one hour ahead of UTC in winter.
test.each([
  ["2026-12-01T20:59:59.999Z", null],
  ["2026-12-01T21:00:00.000Z", "2026-12-02T06:00:00.000Z"],
  ["2026-12-02T05:59:59.000Z", "2026-12-02T06:00:00.000Z"],
  ["2026-12-02T06:00:00.000Z", null],
])("a night at %s ends at %s", (at, end) => {
  expect(until({}, at)).toBe(end);
});

test("a night belongs to the day on which it begins", () => {
  const friday = { days: ["fri"] };
  expect(until(friday, "2026-12-05T02:00:00.000Z")).toBe("2026-12-05T06:00:00.000Z");
  expect(until(friday, "2026-12-04T02:00:00.000Z")).toBeNull();
});

test("whole days that follow each other are one quiet time", () => {
  const weekend = { days: ["sat", "sun"], from: "00:00", to: "00:00" };
  expect(until(weekend, "2026-12-05T10:00:00.000Z")).toBe("2026-12-06T23:00:00.000Z");
  expect(until(weekend, "2026-12-07T10:00:00.000Z")).toBeNull();
});

test("the end is the local time when the clock changes during the night", () => {
  // The clocks go forward on 2026-03-29 and back on 2026-10-25.
  expect(until({}, "2026-03-28T22:00:00.000Z")).toBe("2026-03-29T05:00:00.000Z");
  expect(until({}, "2026-10-24T21:00:00.000Z")).toBe("2026-10-25T06:00:00.000Z");
});
