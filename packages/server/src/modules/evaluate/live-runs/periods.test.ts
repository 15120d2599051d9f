import { expect, test } from "vitest";
import { duePeriod, newestPeriod, nextRunAt, type Timing } from "./periods.ts";

const at = (text: string) => Date.parse(`${text}:00Z`);
const shown = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }) =>
  [startsAt, endsAt].map((time) => time.toISOString().slice(0, 16));
const daily: Timing = { every: "day", hour: 3, weekday: 1 };
const onSunday: Timing = { every: "week", hour: 22, weekday: 7 };

test("a daily period ends at its hour, and a weekly period at the hour of its day", () => {
  expect(shown(newestPeriod(daily, at("2026-03-04T03:00")))).toEqual(["2026-03-03T03:00", "2026-03-04T03:00"]);
  expect(shown(newestPeriod(daily, at("2026-03-04T02:59")))).toEqual(["2026-03-02T03:00", "2026-03-03T03:00"]);
  // 2026-03-01 is a Sunday.
  expect(shown(newestPeriod(onSunday, at("2026-03-07T12:00")))).toEqual(["2026-02-22T22:00", "2026-03-01T22:00"]);
  expect(shown(newestPeriod({ ...onSunday, weekday: 1 }, at("2026-03-02T22:00")))).toEqual([
    "2026-02-23T22:00",
    "2026-03-02T22:00",
  ]);
});

test("a run starts ten minutes after its period, and periods before the schedule have none", () => {
  const schedule = { ...daily, startsAt: new Date(at("2026-03-03T12:00")) };
  expect(duePeriod(schedule, at("2026-03-04T03:09"))).toBeNull();
  const due = duePeriod(schedule, at("2026-03-04T03:10"));
  expect(due && shown(due)[1]).toBe("2026-03-04T03:00");
  expect(nextRunAt(daily, at("2026-03-04T03:09")).toISOString()).toBe("2026-03-04T03:10:00.000Z");
  expect(nextRunAt(daily, at("2026-03-04T03:10")).toISOString()).toBe("2026-03-05T03:10:00.000Z");
});

test("after days without a check only the newest period is due", () => {
  const schedule = { ...daily, startsAt: new Date(at("2026-03-01T00:00")) };
  const due = duePeriod(schedule, at("2026-03-09T17:00"));
  expect(due && shown(due)).toEqual(["2026-03-08T03:00", "2026-03-09T03:00"]);
});
