import { expect, test } from "vitest";
import { findDates } from "./find-dates.ts";

const AT = "2026-12-01T10:00:00.000Z";

test("the day of the recording is found in the usual forms", () => {
  for (const date of [
    "2026-12-01",
    "2026/12/1",
    "01.12.2026",
    "12/01/2026",
    "1/12/2026",
    "December 1, 2026",
    "Dec 1st, 2026",
    "1 December 2026",
    "1st of December 2026",
    "1. Dec. 2026",
  ])
    expect(findDates(`Today is ${date}.`, AT), date).toEqual([date]);
});

test("the day before and after counts within twelve hours, because a date is local", () => {
  expect(findDates("2026-11-30", AT)).toEqual(["2026-11-30"]);
  expect(findDates("2026-12-02", AT)).toEqual([]);
  expect(findDates("2026-12-02", "2026-12-01T20:00:00Z")).toEqual(["2026-12-02"]);
});

test("other days and numbers are no dates of the recording", () => {
  for (const text of ["2025-12-01", "2026-12-11", "12026-12-01", "2026-12-011", "May 1, 2026", "version 1.12", ""])
    expect(findDates(text, AT), text).toEqual([]);
});
