import { fewestBad } from "@treadle/metrics";
import { expect, test } from "vitest";
import { burnPairsOf, noticesOf } from "./burn-pairs.ts";
import { computeDays, computeStatus, windowMinutesOf } from "./compute-status.ts";

const NOW = Date.parse("2026-11-20T12:00:00.000Z");
const GOAL = { objective: 0.99, windowDays: 28 } as const;
const day = (name: string, n: number, bad: number) => ({ day: name, requests: n, n, bad, judged: 0, judgedBad: 0 });
const windows = (counts: Record<number, [number, number]>) =>
  Object.entries(counts).map(([minutes, [n, bad]]) => ({ minutes: Number(minutes), n, bad }));

test("the budget is the share of bad requests that the objective allows", () => {
  const days = [day("2026-10-23", 1_000, 999), day("2026-10-24", 6_000, 20), day("2026-11-20", 4_000, 30)];
  const status = computeStatus(GOAL, { days, windows: [] }, NOW);
  // 10,000 requests allow 100 bad ones. 50 are bad. 23 October lies before the 28 days.
  expect(status).toMatchObject({ from: "2026-10-24T00:00:00.000Z", state: "ok", requests: 10_000, n: 10_000, bad: 50 });
  expect(status.allowedBad).toBeCloseTo(100, 9);
  expect(status.badLeft).toBeCloseTo(50, 9);
  expect(status.budgetLeft).toBeCloseTo(0.5, 9);
  expect(status.good).toBeCloseTo(0.995, 12);
  // Wilson's interval of 50 of 10,000 is .0037949 to .0065853.
  expect(status.lower).toBeCloseTo(1 - 0.0065853, 6);
  expect(status.upper).toBeCloseTo(1 - 0.0037949, 6);
  expect(status.budgetLower).toBeCloseTo(1 - 0.65853, 4);
});

test("burn rates are the bad share over the allowed share, and the budget lasts as long as the recent rate allows", () => {
  const counts = {
    days: [day("2026-11-20", 10_000, 50)],
    windows: windows({ 60: [100, 0], 360: [1_000, 20], 1440: [5_000, 50], 4320: [0, 0] }),
  };
  const { burns, exhaustedInHours } = computeStatus(GOAL, counts, NOW);
  expect(burns.map(({ burnRate }) => burnRate)).toEqual([0, expect.closeTo(2, 9), expect.closeTo(1, 9), null]);
  // Half of a budget of 28 days at twice the allowed rate: 7 days.
  expect(exhaustedInHours).toBeCloseTo(7 * 24, 6);
  const slow = { ...counts, windows: windows({ 360: [1_000, 10] }) };
  expect(computeStatus(GOAL, slow, NOW).exhaustedInHours).toBeNull();
});

test("few bad requests do not exhaust a budget for certain", () => {
  const few = computeStatus(GOAL, { days: [day("2026-11-20", 20, 1)], windows: [] }, NOW);
  expect(few.budgetLeft).toBeCloseTo(-4, 9);
  expect(few.state).toBe("at-risk");
  const many = computeStatus(GOAL, { days: [day("2026-11-20", 2_000, 100)], windows: [] }, NOW);
  expect(many.state).toBe("exhausted");
  expect(computeStatus(GOAL, { days: [], windows: [] }, NOW)).toMatchObject({
    state: "no-data",
    good: null,
    budgetLeft: null,
  });
});

test("an alert needs both windows, each with the lower end of its interval", () => {
  const goal = { objective: 0.99, windowDays: 30 } as const;
  const burning = (long: [number, number], short: [number, number]) =>
    computeStatus(goal, { days: [day("2026-11-20", 1e6, 1)], windows: windows({ 60: long, 5: short }) }, NOW).alerts[0]
      ?.isExceeded;
  // The table of watch.md: 14.4 at 99 % needs 6 bad requests of 20, and 22 of 100.
  expect(fewestBad(20, 0.144)).toBe(6);
  expect(burning([100, 22], [20, 6])).toBe(true);
  expect(burning([100, 21], [20, 6])).toBe(false);
  expect(burning([100, 22], [20, 5])).toBe(false);
});

test("burn rates of other windows use up the same share of the budget", () => {
  const rates = (goal: { objective: number; windowDays: number }) => burnPairsOf(goal).map(({ burnRate }) => burnRate);
  expect(rates({ objective: 0.99, windowDays: 30 })).toEqual([14.4, 6, 3, 1]);
  expect(rates({ objective: 0.99, windowDays: 28 })).toEqual([13.44, 5.6, 2.8, 1]);
  expect(rates({ objective: 0.99, windowDays: 7 })).toEqual([3.36, 1.4, 1, 1]);
});

test("an objective for quality scales the burn rates, so that the fastest pair can fire", () => {
  const goal = { objective: 0.9, windowDays: 30 };
  expect(burnPairsOf(goal).map(({ burnRate }) => burnRate)).toEqual([5, 2.083333, 1.041667, 1]);
  expect(noticesOf(goal)).toEqual([
    "With an objective of 90 %, a burn rate of 14.4 needs 144 % bad requests, so it can never be exceeded. The burn rates are scaled: the fastest is 5, which needs 50 % bad requests in an hour.",
  ]);
  // 14.4 × (1 − 0.931) is below 1.
  expect(noticesOf({ objective: 0.931, windowDays: 30 })).toEqual([]);
  expect(noticesOf({ objective: 0.93, windowDays: 30 })).toHaveLength(1);
});

test("each day has its burn rate and the budget that was left at its end", () => {
  const days = [day("2026-11-18", 100, 1), day("2026-11-20", 300, 1)];
  const goal = { objective: 0.99, windowDays: 7 } as const;
  const history = computeDays(goal, { days, windows: [] }, { from: "2026-11-18", to: "2026-11-20" });
  expect(history.map(({ day: name, burnRate }) => [name, burnRate])).toEqual([
    ["2026-11-18", expect.closeTo(1, 9)],
    ["2026-11-19", null],
    ["2026-11-20", expect.closeTo(1 / 3, 9)],
  ]);
  expect(history.map(({ budgetLeft }) => budgetLeft)).toEqual([
    expect.closeTo(0, 9),
    expect.closeTo(0, 9),
    expect.closeTo(0.5, 9),
  ]);
});

test("a status reads the windows of its burn rates and of its pairs", () => {
  expect(windowMinutesOf(GOAL)).toEqual([5, 30, 60, 120, 360, 1_440, 4_320]);
});
