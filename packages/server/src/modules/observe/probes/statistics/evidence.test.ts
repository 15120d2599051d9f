import { PROBE_THRESHOLD } from "@treadle/contract";
import { createRandom, type Random } from "@treadle/metrics";
import { describe, expect, test } from "vitest";
import type { Counts, FirstToken } from "../stores/probe-values.ts";
import { dayFactor, promptFactor } from "./day-factor.ts";
import { addFactors, evidenceOf, isOver, isSuspicious, NO_EVIDENCE } from "./evidence.ts";
import { logprobFactor, logprobPValue } from "./logprob-factor.ts";

const counts = (given: Record<string, number>): Counts => new Map(Object.entries(given));

describe("the factor of a day", () => {
  test("is the mean of the products over the weights", () => {
    const products = [0.1, 0.3, 1].map((weight) => (1 - weight + weight * 4) * (1 - weight + weight * 0.5));
    expect(dayFactor([4, 0.5])).toBeCloseTo(products.reduce((sum, product) => sum + product, 0) / 3, 12);
    expect(dayFactor([])).toBe(1);
  });

  test("counts an answer that the reference lacks, and does not overflow", () => {
    expect(promptFactor(counts({ a: 20 }), counts({ b: 5 }))).toBeGreaterThan(1e4);
    expect(promptFactor(counts({ a: 10, b: 10 }), counts({ a: 3, b: 2 }))).toBeLessThan(1);
    expect(dayFactor(Array.from({ length: 400 }, () => 1e4))).toBe(1e300);
  });
});

describe("the factor of log-probabilities", () => {
  const noisy = (random: Random, shift = 0): FirstToken => ({
    yes: -0.7 + shift + 0.02 * random.normal(),
    no: -0.9 - shift + 0.02 * random.normal(),
  });
  const many = (random: Random, times: number, shift = 0) => Array.from({ length: times }, () => noisy(random, shift));

  test("is 1 on average or less without a change", () => {
    const random = createRandom(11);
    const pValues = Array.from({ length: 300 }, () => {
      const pair = { reference: many(random, 10), current: many(random, 3) };
      return logprobPValue([pair], random, 99) ?? 0;
    });
    const mean = pValues.reduce((sum, pValue) => sum + 1 / (2 * Math.sqrt(pValue)), 0) / pValues.length;
    expect(mean).toBeLessThan(1.15);
    expect(pValues.filter((pValue) => pValue <= 0.05).length).toBeLessThan(300 * 0.09);
  });

  test("is at its limit after a change that is larger than the noise", () => {
    const random = createRandom(12);
    const pairs = [1, 2].map(() => ({ reference: many(random, 20), current: many(random, 5, 0.1) }));
    expect(logprobFactor(pairs, random)).toBeGreaterThan(30);
  });

  test("is small if all calls are equal, and null without both sides", () => {
    const random = createRandom(13);
    const same = Array.from({ length: 5 }, () => ({ yes: -0.1, no: -2.3 }));
    expect(logprobPValue([{ reference: same, current: same }], random, 99)).toBe(1);
    expect(logprobFactor([{ reference: [], current: same }], random)).toBeNull();
  });

  test("treats a token that is not listed as no more likely than the last listed one", () => {
    const random = createRandom(14);
    const reference = Array.from({ length: 20 }, () => ({ yes: -0.1, no: -2.3 }));
    const current = Array.from({ length: 5 }, () => ({ yes: -0.1, maybe: -2.3 }));
    expect(logprobPValue([{ reference, current }], random, 99)).toBe(1);
  });
});

describe("evidence", () => {
  test("is the mean of both detectors, and unchanged by a run without a comparison", () => {
    const one = addFactors(NO_EVIDENCE, { counts: 10, logprobs: null });
    expect(evidenceOf(one)).toBe(10);
    const two = addFactors(one, { counts: 2, logprobs: 30 });
    expect(two).toEqual({ counts: 20, logprobs: 30 });
    expect(evidenceOf(two)).toBe(25);
    expect(addFactors(two, { counts: null, logprobs: null })).toEqual(two);
  });

  test("starts a suspicion at the threshold, which ends at a tenth of it", () => {
    expect(isSuspicious({ counts: PROBE_THRESHOLD, logprobs: null })).toBe(true);
    expect(isSuspicious({ counts: PROBE_THRESHOLD - 1, logprobs: null })).toBe(false);
    expect([36, 37].map((evidence) => isOver({ counts: evidence, logprobs: null }))).toEqual([true, false]);
  });
});

/** A model that gives one of two answers to each prompt. A change moves the logit of each share. */
function simulate(seed: number, { days, changeDay, size }: { days: number; changeDay: number; size: number }) {
  const random = createRandom(seed);
  const shares = Array.from({ length: 24 }, () => 0.3 + 0.4 * random.next());
  const moved = shares.map((share) => 1 / (1 + Math.exp(-(Math.log(share / (1 - share)) + size * random.normal()))));
  const draw = (share: number, calls: number): [number, number] => {
    let first = 0;
    for (let call = 0; call < calls; call++) if (random.next() < share) first++;
    return [first, calls - first];
  };
  const references = [0, 1].map(() => shares.map((share) => draw(share, 20)));
  let detectors = NO_EVIDENCE;
  for (let day = 0; day < days; day++) {
    const reference = references[day % 2] ?? [];
    const current = (day >= changeDay ? moved : shares).map((share) => draw(share, 5));
    const factors = current.map(([a, b], place) => {
      const [first, second] = reference[place] ?? [0, 0];
      return promptFactor(counts({ a: first, b: second }), counts({ a, b }));
    });
    detectors = addFactors(detectors, { counts: dayFactor(factors), logprobs: null });
    if (isSuspicious(detectors)) return day;
    for (const [place, [a, b]] of current.entries()) {
      const both = reference[place] ?? [0, 0];
      both[0] += a;
      both[1] += b;
    }
  }
  return null;
}

test("an unchanged model raises no suspicion in 60 days, beyond the stated rate", () => {
  // One false alarm per year is expected at most: 8 models over 60 days are 1.3 years.
  const alarms = Array.from({ length: 8 }, (_, seed) => simulate(seed + 1, { days: 60, changeDay: 60, size: 0 }));
  expect(alarms.filter((day) => day !== null).length).toBeLessThanOrEqual(1);
});

test("a change of all shares is found within three days", () => {
  const delays = Array.from({ length: 8 }, (_, seed) => {
    const day = simulate(seed + 50, { days: 40, changeDay: 20, size: 2 });
    return day === null ? 99 : day - 20;
  });
  expect(delays.every((delay) => delay >= 0)).toBe(true);
  expect(delays.toSorted((a, b) => a - b)[4]).toBeLessThanOrEqual(1);
  expect(delays.filter((delay) => delay <= 3).length).toBeGreaterThanOrEqual(7);
});
