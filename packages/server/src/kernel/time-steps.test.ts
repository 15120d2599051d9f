import { expect, test } from "vitest";
import { chooseInterval, startOfStep } from "./time-steps.ts";

const DAY = 86_400;
const iso = (timeMs: number) => new Date(timeMs).toISOString();
const startOf = (time: string, stepSeconds: number) => iso(startOfStep(Date.parse(time), stepSeconds));

test("a step begins on the clock: on full minutes, hours and days, and weeks on a Monday", () => {
  expect(startOf("2026-11-20T10:07:31.250Z", 300)).toBe("2026-11-20T10:05:00.000Z");
  expect(startOf("2026-11-20T10:07:31.250Z", 6 * 3_600)).toBe("2026-11-20T06:00:00.000Z");
  expect(startOf("2026-11-20T10:07:31.250Z", DAY)).toBe("2026-11-20T00:00:00.000Z");
  expect(startOf("2026-11-20T10:07:31.250Z", 7 * DAY)).toBe("2026-11-16T00:00:00.000Z");
  expect(startOf("2026-11-20T10:05:00.000Z", 300)).toBe("2026-11-20T10:05:00.000Z");
  expect(startOf("1969-12-31T23:59:59.000Z", 60)).toBe("1969-12-31T23:59:00.000Z");
});

test("a period has at most the wanted number of steps, of a usual length", () => {
  expect(chooseInterval(DAY, 48)).toBe(1_800);
  expect(chooseInterval(3_600, 100)).toBe(60);
  expect(chooseInterval(7 * DAY, 48)).toBe(6 * 3_600);
  expect(chooseInterval(365 * 50 * DAY, 100) % DAY).toBe(0);
});
