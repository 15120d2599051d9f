import { expect, test } from "vitest";
import { isTimeZone, periodOf } from "./calendar.ts";

const show = (unit: "day" | "month", timeZone: string, time: string) => {
  const { start, end } = periodOf(unit, timeZone, Date.parse(time));
  return [new Date(start).toISOString(), new Date(end).toISOString()];
};

test("a day and a month follow the clock of their time zone", () => {
  expect(show("day", "UTC", "2026-05-31T23:59:59.999Z")).toEqual([
    "2026-05-31T00:00:00.000Z",
    "2026-06-01T00:00:00.000Z",
  ]);
  expect(show("month", "Asia/Tokyo", "2026-05-31T15:00:00Z")).toEqual([
    "2026-05-31T15:00:00.000Z",
    "2026-06-30T15:00:00.000Z",
  ]);
  expect(show("month", "UTC", "2028-02-29T12:00:00Z")).toEqual([
    "2028-02-01T00:00:00.000Z",
    "2028-03-01T00:00:00.000Z",
  ]);
});

test("the day on which clocks change has 23 or 25 hours", () => {
  expect(show("day", "Europe/Berlin", "2026-03-29T12:00:00Z")).toEqual([
    "2026-03-28T23:00:00.000Z",
    "2026-03-29T22:00:00.000Z",
  ]);
  expect(show("day", "Europe/Berlin", "2026-10-25T12:00:00Z")).toEqual([
    "2026-10-24T22:00:00.000Z",
    "2026-10-25T23:00:00.000Z",
  ]);
});

test("an unknown time zone is recognised", () => {
  expect([isTimeZone("Europe/Berlin"), isTimeZone("Mars/Olympus")]).toEqual([true, false]);
});
