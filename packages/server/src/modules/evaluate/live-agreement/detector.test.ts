import { AGREEMENT_THRESHOLD, FIRST_PAIRS, RECENT_DAYS } from "@treadle/contract";
import { createRandom, wilsonInterval } from "@treadle/metrics";
import { expect, test } from "vitest";
import { dayPlus } from "./days.ts";
import { addDay, type DayEvent, type DayTally, type DetectorState, expectedRate, startAgain } from "./detector.ts";

const FIRST_DAY = "2026-01-01";
const PAIRS = 12;

/** A judge that disagrees at a rate per day, on so many pairs per day. */
type World = { readonly days: number; readonly rateOn: (day: number) => number };
function simulate(seed: number, { days, rateOn }: World, state = startAgain(null)) {
  const random = createRandom(seed);
  const tallies: DayTally[] = [];
  const events: { day: number; event: DayEvent }[] = [];
  for (let day = 0; day < days; day++) {
    const disagreements = Array.from({ length: PAIRS }, () => random.next()).filter((one) => one < rateOn(day)).length;
    tallies.push({ day: dayPlus(FIRST_DAY, day), pairs: PAIRS, disagreements });
    const step = addDay(state, tallies.slice(-RECENT_DAYS));
    state = step.state;
    if (step.event) events.push({ day, event: step.event });
  }
  return { state, events };
}
const reference = (pairs: number, disagreements: number) =>
  ({
    kind: "accepted",
    pairs,
    disagreements,
    day: "2025-12-31",
    setAt: "2025-12-31T00:00:00.000Z",
    calibrationId: null,
  }) as const;

test("the first pairs become the reference, and until then there is no evidence", () => {
  const { state } = simulate(1, { days: 4, rateOn: () => 0.1 });
  expect(state).toMatchObject({ reference: null, collected: { pairs: 48 }, evidence: 0 });
  const later = simulate(1, { days: 5, rateOn: () => 0.1 }).state;
  expect(later.reference).toMatchObject({ kind: "first-pairs", pairs: 60, day: "2026-01-05" });
  expect(later.reference?.pairs).toBeGreaterThanOrEqual(FIRST_PAIRS);
});

test("a judge that agrees as before rings less than once a year, at any rate", () => {
  const years = 60;
  for (const rate of [0.02, 0.1, 0.3]) {
    const alarms = Array.from({ length: years }, (_, seed) => simulate(seed + 1, { days: 365, rateOn: () => rate }))
      .flatMap(({ events }) => events)
      .filter(({ event }) => event === "worse").length;
    expect(alarms / years).toBeLessThan(0.2);
  }
});

test("at exactly the rate that evidence is collected against, false alarms stay below one per year", () => {
  const known = reference(100, 10);
  const rate = expectedRate(known);
  expect(rate).toBeCloseTo(wilsonInterval({ successes: 10, n: 100 })?.[1] ?? 0, 12);
  const alarms = Array.from({ length: 100 }, (_, seed) =>
    simulate(seed + 1, { days: 365, rateOn: () => rate }, startAgain(known)),
  )
    .flatMap(({ events }) => events)
    .filter(({ event }) => event === "worse").length;
  expect(alarms / 100).toBeLessThan(1);
});

test("a judge that gets worse is found within weeks, in every simulated year", () => {
  const delays = Array.from({ length: 50 }, (_, seed) => {
    const { events, state } = simulate(
      seed + 1,
      { days: 160, rateOn: (day) => (day < 100 ? 0.1 : 0.4) },
      startAgain(reference(100, 10)),
    );
    const alarm = events.find(({ event, day }) => event === "worse" && day >= 100);
    expect(alarm).toBeDefined();
    expect(state.worseSince).not.toBeNull();
    expect(state.risingSince).not.toBeNull();
    return (alarm?.day ?? 0) - 99;
  }).sort((one, other) => one - other);
  expect(delays[25]).toBeLessThan(12);
  expect(delays.at(-1)).toBeLessThan(40);
});

test("a judge recovers when the recent days are below the reference's upper bound, and not before", () => {
  const known = startAgain(reference(200, 20));
  const { events, state } = simulate(3, { days: 120, rateOn: (day) => (day >= 10 && day < 40 ? 0.5 : 0.08) }, known);
  expect(events.map(({ event }) => event)).toEqual(["worse", "recovered"]);
  expect(events[1]?.day).toBeGreaterThan(45);
  expect(state).toMatchObject({ worseSince: null, risingSince: null });
});

test("good days before the incident do not end it", () => {
  const good = Array.from(
    { length: 29 },
    (_, day): DayTally => ({ day: dayPlus(FIRST_DAY, day), pairs: 50, disagreements: 2 }),
  );
  const bad = { day: dayPlus(FIRST_DAY, 29), pairs: 20, disagreements: 19 };
  const first = addDay(startAgain(reference(200, 20)), [...good, bad]);
  expect(first.event).toBe("worse");
  const second = addDay(
    first.state,
    [...good, bad, { day: dayPlus(FIRST_DAY, 30), pairs: 10, disagreements: 5 }].slice(-30),
  );
  expect(second.event).toBeNull();
  expect(second.state.worseSince).toBe(bad.day);
});

test("days without pairs, and days up to the reference, change nothing", () => {
  const state: DetectorState = { ...startAgain(reference(100, 10)), evidence: 7, risingSince: "2026-01-01" };
  expect(addDay(state, [{ day: "2026-01-02", pairs: 0, disagreements: 0 }])).toEqual({ state, event: null });
  expect(addDay(state, [{ day: "2025-12-31", pairs: 10, disagreements: 10 }])).toEqual({ state, event: null });
});

test("a reference whose pairs all disagree, or all agree, still has a rate", () => {
  expect(expectedRate({ pairs: 50, disagreements: 50 })).toBe(0.99);
  expect(expectedRate({ pairs: 50, disagreements: 0 })).toBeCloseTo(0.0713, 3);
  const { event, state } = addDay(startAgain(reference(50, 50)), [{ day: "2026-01-01", pairs: 20, disagreements: 20 }]);
  expect(event).toBeNull();
  expect(state.evidence).toBeLessThan(AGREEMENT_THRESHOLD);
});
