import { expect, test } from "vitest";
import { DAY_MS } from "../../../../kernel/day.ts";
import { hoursOf, isMissed, nextRunAfter, slotAt } from "./schedule.ts";

const HOUR_MS = 3_600_000;

test("runs are once a day, at two hours in turn that are half a day apart", () => {
  const times: Date[] = [];
  for (let now = Date.UTC(2026, 11, 1); times.length < 20; now = times.at(-1)?.getTime() ?? 0)
    times.push(nextRunAfter("prb_1", now));
  const days = times.map((time) => Math.floor(time.getTime() / DAY_MS));
  expect(days.slice(1).every((day, place) => day - (days[place] ?? 0) === 1)).toBe(true);
  const hours = hoursOf("prb_1");
  expect(hours[1] - hours[0]).toBe(12);
  expect(times.every((time) => time.getUTCHours() === hours[slotAt("prb_1", time)])).toBe(true);
  expect(new Set(times.map((time) => slotAt("prb_1", time))).size).toBe(2);
});

test("a run at another time belongs to the nearer hour", () => {
  const [first, second] = [nextRunAfter("prb_1", 0), nextRunAfter("prb_1", DAY_MS)];
  const slots = [first, second].flatMap((planned) =>
    [-5.9, 0, 5.9].map((hours) => slotAt("prb_1", new Date(planned.getTime() + hours * HOUR_MS))),
  );
  expect(slots).toEqual([0, 0, 0, 1, 1, 1]);
});

test("probes are spread over the hours", () => {
  const hours = new Set(Array.from({ length: 200 }, (_, place) => hoursOf(`prb_${place}`)[0]));
  expect(hours.size).toBe(12);
});

test("a run that is three hours late waits for the next one", () => {
  const planned = new Date(Date.UTC(2026, 11, 1, 4));
  expect(isMissed(planned, planned.getTime() + 3 * HOUR_MS)).toBe(false);
  expect(isMissed(planned, planned.getTime() + 3 * HOUR_MS + 1)).toBe(true);
});
