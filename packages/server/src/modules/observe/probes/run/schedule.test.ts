import { expect, test } from "vitest";
import { DAY_MS } from "../../../../kernel/day.ts";
import { hoursOf, isMissed, isNearHour, nextRunAfter, plannedRun, slotAt } from "./schedule.ts";

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

test("a reference is collected only near its hour, and not during a suspicion", () => {
  const planned = nextRunAfter("prb_1", 0);
  const slot = slotAt("prb_1", planned);
  const at = (hours: number) => new Date(planned.getTime() + hours * HOUR_MS);
  expect([-3.1, -3, 0, 3, 3.1, 8.9, 9, 12].map((hours) => isNearHour("prb_1", at(hours)))).toEqual([
    false,
    true,
    true,
    true,
    false,
    false,
    true,
    true,
  ]);
  const none = { references: [], isWatching: true };
  expect(plannedRun("prb_1", at(2), none)).toEqual({ kind: "reference", slot });
  expect(plannedRun("prb_1", at(4), none)).toBeNull();
  const one = { references: [slot], isWatching: true };
  const other = 1 - slot;
  expect([0, 4, 8, 12].map((hours) => plannedRun("prb_1", at(hours), one))).toEqual([
    { kind: "daily", slot },
    { kind: "daily", slot },
    { kind: "daily", slot },
    { kind: "reference", slot: other },
  ]);
  expect(plannedRun("prb_1", at(12), { ...one, isWatching: false })).toEqual({ kind: "daily", slot });
  expect(plannedRun("prb_1", at(12), { references: [0, 1], isWatching: false })).toEqual({
    kind: "daily",
    slot: other,
  });
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
