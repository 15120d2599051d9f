import { expect, test } from "vitest";
import { leftOf, nextTat, type Rate, rateOf, waitOf } from "./gcra.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** One counter, as a limiter uses it: the wait in seconds, and what is left afterwards. */
function counter(rate: Rate) {
  let tat = 0;
  return (seconds: number, cost = 1) => {
    const now = seconds * SECOND;
    const wait = waitOf(rate, tat, { cost, now });
    if (wait === 0) tat = nextTat(rate, tat, { cost, now });
    return { wait: wait / SECOND, left: Math.floor(leftOf(rate, tat, now) + 1e-9) };
  };
}

test("60 per minute with a burst of 10: ten calls pass, and then one per second", () => {
  const take = counter(rateOf(60, MINUTE, 10));
  expect(Array.from({ length: 10 }, () => take(0))).toEqual(
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((left) => ({ wait: 0, left })),
  );
  expect(take(0).wait).toBeCloseTo(1, 9);
  expect(take(0.5).wait).toBeCloseTo(0.5, 9);
  expect(take(1).wait).toBe(0);
  expect(take(1).wait).toBeCloseTo(1, 9);
});

test("6,000 tokens per minute with a burst of 6,000: a call waits for what it needs", () => {
  const take = counter(rateOf(6_000, MINUTE, 6_000));
  expect(take(0, 5_000)).toEqual({ wait: 0, left: 1_000 });
  expect(take(0, 2_000).wait).toBeCloseTo(10, 9);
  expect(take(10, 2_000)).toEqual({ wait: 0, left: 0 });
  expect(take(10.5, 500).wait).toBeCloseTo(4.5, 9);
});

test("a cost above the burst can never pass", () => {
  expect(counter(rateOf(6_000, MINUTE, 1_000))(0, 1_001).wait).toBe(Number.POSITIVE_INFINITY);
});

test("a settled reservation gives back exactly what was not used", () => {
  const rate = rateOf(60, MINUTE, 10);
  const tat = nextTat(rate, 0, { cost: 10, now: 5 * SECOND });
  expect(waitOf(rate, tat, { cost: 4, now: 5 * SECOND })).toBeCloseTo(4 * SECOND, 9);
  expect(waitOf(rate, tat - 4 * rate.intervalMs, { cost: 4, now: 5 * SECOND })).toBe(0);
});

/** A repeatable sequence of numbers from 0 to 1. */
function createRandom(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Entry = { readonly at: number; readonly cost: number };

/** What a bucket holds after all admitted calls, leaked step by step. */
function levelOf(log: readonly Entry[], now: number, perMs: number): number {
  let [level, at] = [0, 0];
  for (const entry of [...log, { at: now, cost: 0 }]) {
    level = Math.max(0, level - (entry.at - at) * perMs) + entry.cost;
    at = entry.at;
  }
  return level;
}

test("every decision is equal to a bucket computed from the log of all admitted calls", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = createRandom(seed);
    const [amount, burst] = [1 + Math.floor(random() * 1_000), 1 + Math.floor(random() * 200)];
    const rate = rateOf(amount, MINUTE, burst);
    const log: Entry[] = [];
    let [tat, now] = [0, 0];
    for (let call = 0; call < 300; call++) {
      now += random() < 0.3 ? 0 : Math.floor(random() * ((2 * MINUTE) / amount) * 8) / 8;
      const cost = 1 + Math.floor(random() * Math.min(burst, 20));
      const level = levelOf(log, now, amount / MINUTE);
      // Equal within floating point is decided by neither.
      if (Math.abs(level + cost - burst) < 1e-6) continue;
      const isAdmitted = waitOf(rate, tat, { cost, now }) === 0;
      expect(isAdmitted, `seed ${seed}, call ${call}`).toBe(level + cost <= burst);
      expect(leftOf(rate, tat, now)).toBeCloseTo(burst - level, 6);
      if (!isAdmitted) continue;
      tat = nextTat(rate, tat, { cost, now });
      log.push({ at: now, cost });
    }
  }
});
