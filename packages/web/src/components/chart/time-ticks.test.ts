import { expect, test } from "vitest";
import { timeTicks } from "./time-ticks.ts";

/** In the time zone of the machine that runs the test. */
const at = (text: string) => new Date(text).getTime();
const textsOf = (from: string, to: string, most: number) =>
  timeTicks({ from: at(from), to: at(to) }, most).map(({ text }) => text);

test("labels are round times, and a new day says its date", () => {
  expect(textsOf("2026-11-25T10:51:00", "2026-11-26T10:51:00", 6)).toEqual(["12:00", "18:00", "26 Nov", "06:00"]);
  expect(textsOf("2026-11-20T10:00:00", "2026-11-27T10:00:00", 4)).toEqual(["22 Nov", "24 Nov", "26 Nov"]);
  expect(textsOf("2026-11-25T10:00:10", "2026-11-25T10:01:10", 4)).toEqual([
    "10:00:15",
    "10:00:30",
    "10:00:45",
    "10:01:00",
  ]);
});

test("they stand where their time is, and there are never too many", () => {
  const half = timeTicks({ from: at("2026-11-25T09:00:00"), to: at("2026-11-25T15:00:00") }, 2);
  expect(half).toEqual([
    { at: 0, text: "09:00" },
    { at: 0.5, text: "12:00" },
    { at: 1, text: "15:00" },
  ]);
  for (const most of [1, 3, 8])
    expect(
      timeTicks({ from: at("2020-01-01T00:00:00"), to: at("2026-01-01T00:00:00") }, most).length,
    ).toBeLessThanOrEqual(most + 1);
});
