import { MonitorCondition } from "@treadle/contract";
import { createRandom, logGamma } from "@treadle/metrics";
import { describe, expect, test } from "vitest";
import { baselineOf } from "./baseline.ts";
import { countRatioFactor, DOWN_RATIOS, type ExpectedCount, rankFactor, UP_RATIOS } from "./factors.ts";
import { hourOfDayType, hourOfWeek } from "./hour-of-week.ts";
import { type Burn, impossibleBurns, judgeBurn } from "./judge-burn.ts";
import { type Change, evidenceLimit, judgeChange } from "./judge-change.ts";
import { judgeThreshold, type Threshold } from "./judge-threshold.ts";
import type { PastWindow } from "./past-window.ts";
import { binOf, measuredOf, type Reading } from "./reading.ts";

const threshold = (more: object) => MonitorCondition.parse({ kind: "threshold", ...more }) as Threshold;
const rate = (bad: number, n: number): Reading => ({ kind: "rate", bad, n });
const total = (value: number): Reading => ({ kind: "total", value, n: value });

/** A percentile reading of values, counted at some thresholds. */
function latencies(values: readonly number[], limits: readonly number[]): Reading {
  const histogram = new Map<number, number>();
  for (const value of values) histogram.set(binOf(value), (histogram.get(binOf(value)) ?? 0) + 1);
  const above = new Map(limits.map((limit) => [limit, values.filter((value) => value > limit).length]));
  return { kind: "percentile", level: 0.95, histogram, n: values.length, above };
}

describe("a threshold of a rate", () => {
  test.each([
    [20, 6],
    [50, 13],
    [100, 22],
    [500, 88],
  ])("needs the lower bound above it: of %d requests, %d bad ones pass 14.4 %%", (n, fewest) => {
    const condition = threshold({ critical: 0.144 });
    expect(judgeThreshold(condition, rate(fewest - 1, n)).severity).toBeNull();
    expect(judgeThreshold(condition, rate(fewest, n)).severity).toBe("critical");
  });

  test("is not passed by three of four failed requests against one half", () => {
    expect(judgeThreshold(threshold({ critical: 0.5 }), rate(3, 4)).severity).toBeNull();
  });

  test("below it needs the upper bound below", () => {
    const condition = threshold({ direction: "below", warning: 0.5 });
    expect(judgeThreshold(condition, rate(1, 4)).severity).toBeNull();
    expect(judgeThreshold(condition, rate(25, 100)).severity).toBe("warning");
  });

  test("has its higher severity, and recovers at 80 % of its lowest threshold", () => {
    const condition = threshold({ warning: 0.1, critical: 0.3 });
    expect(judgeThreshold(condition, rate(20, 100)).severity).toBe("warning");
    expect(judgeThreshold(condition, rate(60, 100)).severity).toBe("critical");
    expect(judgeThreshold(condition, rate(9, 100)).isGood).toBe(false);
    expect(judgeThreshold(condition, rate(7, 100)).isGood).toBe(true);
    // Above 80 %, but below the threshold for certain.
    expect(judgeThreshold(condition, rate(850, 10_000)).isGood).toBe(true);
    expect(judgeThreshold(threshold({ warning: 0.1, recovery: 0.02 }), rate(300, 10_000)).isGood).toBe(false);
  });
});

describe("other thresholds", () => {
  test("a 95th percentile passes if surely more than 5 % of the spans are slower", () => {
    const condition = threshold({ critical: 1_000 });
    const slow = (count: number) => latencies([...Array(100 - count).fill(200), ...Array(count).fill(4_000)], [1_000]);
    expect(judgeThreshold(condition, slow(6)).severity).toBeNull();
    const verdict = judgeThreshold(condition, slow(12));
    expect(verdict.severity).toBe("critical");
    expect(verdict.point.value).toBeGreaterThan(3_900);
    expect(verdict.point.value).toBeLessThan(4_100);
  });

  test("a percentile just below the threshold does not pass", () => {
    expect(judgeThreshold(threshold({ critical: 101 }), latencies(Array(1_000).fill(100), [101])).severity).toBeNull();
  });

  test("a mean needs its interval beyond the threshold", () => {
    const of = (values: readonly number[]): Reading => ({
      kind: "mean",
      n: values.length,
      sum: values.reduce((sum, value) => sum + value, 0),
      sumOfSquares: values.reduce((sum, value) => sum + value * value, 0),
    });
    const condition = threshold({ direction: "below", warning: 0.7 });
    expect(judgeThreshold(condition, of([0.5])).severity).toBeNull();
    expect(judgeThreshold(condition, of([0.2, 0.9])).severity).toBeNull();
    expect(judgeThreshold(condition, of(Array.from({ length: 50 }, (_, at) => 0.4 + (at % 5) / 20))).severity).toBe(
      "warning",
    );
    // Student's interval of 1, 2, 3: 2 ± 4.3027 / √3.
    expect(measuredOf(of([1, 2, 3])).lower).toBeCloseTo(2 - 4.302652729911275 / Math.sqrt(3), 9);
  });

  test("counts and money are compared as they are", () => {
    const condition = threshold({ critical: 100 });
    expect(judgeThreshold(condition, total(100)).severity).toBeNull();
    expect(judgeThreshold(condition, total(101)).severity).toBe("critical");
    const empty = judgeThreshold(threshold({ direction: "below", critical: 1, recovery: 1 }), total(0));
    expect(empty).toMatchObject({ severity: "critical", isGood: false });
  });
});

describe("a burn rate", () => {
  const burn = (more: object = {}) => MonitorCondition.parse({ kind: "burn", objective: 0.99, ...more }) as Burn;
  const windows = (shares: Readonly<Record<number, Reading>>) =>
    new Map(Object.entries(shares).map(([seconds, reading]) => [Number(seconds), reading]));
  const all = (reading: Reading) =>
    windows(
      Object.fromEntries([300, 1_800, 3_600, 7_200, 21_600, 86_400, 259_200].map((seconds) => [seconds, reading])),
    );

  test("must be exceeded in both windows", () => {
    const pair = { windows: [{ burnRate: 14.4, longMinutes: 60, shortMinutes: 5, severity: "critical" }] };
    expect(judgeBurn(burn(pair), windows({ 3600: rate(22, 100), 300: rate(6, 20) })).severity).toBe("critical");
    expect(judgeBurn(burn(pair), windows({ 3600: rate(22, 100), 300: rate(5, 20) })).severity).toBeNull();
    expect(judgeBurn(burn(pair), windows({ 3600: rate(21, 100), 300: rate(6, 20) })).severity).toBeNull();
  });

  test("of the fastest pair decides the severity", () => {
    expect(judgeBurn(burn(), all(rate(5, 100))).severity).toBe("warning");
    expect(judgeBurn(burn(), all(rate(40, 100))).severity).toBe("critical");
    expect(judgeBurn(burn(), all(rate(0, 100)))).toMatchObject({ severity: null, isGood: true });
  });

  test("is over as soon as the short windows are clean", () => {
    const readings = new Map(all(rate(40, 100)));
    for (const seconds of [300, 1_800, 7_200, 21_600]) readings.set(seconds, rate(0, 100));
    expect(judgeBurn(burn(), readings)).toMatchObject({ severity: null, isGood: true });
  });

  test("of 14.4 is impossible below an objective of 93.1 %", () => {
    expect(impossibleBurns(burn({ objective: 0.93 })).map(({ burnRate }) => burnRate)).toEqual([14.4]);
    expect(impossibleBurns(burn({ objective: 0.94 }))).toEqual([]);
  });
});

/** The probability of exactly this count. */
function countProbability(count: number, { mean, variance }: ExpectedCount): number {
  if (variance <= mean) return Math.exp(count * Math.log(mean) - mean - logGamma(count + 1));
  const size = (mean * mean) / (variance - mean);
  return Math.exp(
    logGamma(count + size) -
      logGamma(size) -
      logGamma(count + 1) +
      size * Math.log(size / (size + mean)) +
      count * Math.log(mean / (size + mean)),
  );
}

describe("the factor of a count", () => {
  test.each([
    ["Poisson", { mean: 3, variance: 3 }],
    ["a negative binomial", { mean: 20, variance: 90 }],
  ])("is 1 on average over %s distribution, and less for fewer", (_, expected) => {
    const meanFactor = (true_: typeof expected, ratios: readonly number[]) => {
      let mean = 0;
      for (let count = 0; count < 400; count++)
        mean += countProbability(count, true_) * countRatioFactor(count, expected, ratios);
      return mean;
    };
    expect(meanFactor(expected, UP_RATIOS)).toBeCloseTo(1, 6);
    expect(meanFactor(expected, DOWN_RATIOS)).toBeCloseTo(1, 6);
    const size = (expected.mean * expected.mean) / Math.max(1e-9, expected.variance - expected.mean);
    const less = expected.mean * 0.7;
    expect(meanFactor({ mean: less, variance: less + (less * less) / size }, UP_RATIOS)).toBeLessThan(1);
  });
});

test("the factor of a rank is at most 1 on average over all ranks, and grows with the past", () => {
  for (const n of [20, 200, 2_000]) {
    const past = Float64Array.from({ length: n }, (_, at) => at);
    const factors = Array.from({ length: n + 1 }, (_, rank) => rankFactor(rank - 0.5, past));
    expect(factors.reduce((sum, factor) => sum + factor, 0) / (n + 1)).toBeLessThanOrEqual(1);
  }
  expect(
    rankFactor(
      1e9,
      Float64Array.from({ length: 2_000 }, (_, at) => at),
    ),
  ).toBeGreaterThan(30);
});

describe("hours of the week", () => {
  test("begin on Monday, UTC", () => {
    expect(hourOfWeek(Date.parse("2026-11-23T00:30:00Z"))).toBe(0);
    expect(hourOfWeek(Date.parse("2026-11-29T23:59:00Z"))).toBe(167);
    expect(hourOfDayType(hourOfWeek(Date.parse("2026-11-27T13:00:00Z")))).toBe(13);
    expect(hourOfDayType(hourOfWeek(Date.parse("2026-11-28T13:00:00Z")))).toBe(37);
  });
});

describe("a change", () => {
  const STEP = 300_000;
  const END = Date.parse("2026-11-30T00:00:00Z");
  const change = (more: object = {}) => MonitorCondition.parse({ kind: "change", ...more }) as Change;
  const past = (count: number, readingAt: (end: number) => Reading): PastWindow[] =>
    Array.from({ length: count }, (_, place) => {
      const end = END - (count - 1 - place) * STEP;
      return { end, reading: readingAt(end) };
    });
  const isNight = (end: number) => new Date(end - 1).getUTCHours() < 6;

  test("is expected at most once in so many windows", () => {
    expect(evidenceLimit(change(), 300)).toBe(8_640);
    expect(evidenceLimit(change({ daysBetweenFalseAlarms: 1 }), 3_600)).toBe(24);
  });

  test("needs a past", () => {
    expect(
      baselineOf(
        past(19, () => rate(5, 100)),
        { isSeasonal: false, isCount: false },
      ),
    ).toBeNull();
    const window = { reading: rate(90, 100), end: END, baseline: null, detector: 5, limit: 100 };
    expect(judgeChange(change(), window)).toMatchObject({ severity: null, detector: 0, point: { evidence: null } });
  });

  test("of a rate collects evidence over windows, up to the limit", () => {
    const baseline = baselineOf(
      past(4_000, () => rate(5, 100)),
      { isSeasonal: true, isCount: false },
    );
    let detector = 0;
    let windows = 0;
    for (; windows < 50 && detector < 8_640; windows++)
      detector = judgeChange(change(), { reading: rate(10, 100), end: END, baseline, detector, limit: 8_640 }).detector;
    expect(windows).toBeGreaterThan(1);
    expect(windows).toBeLessThan(20);
    const fired = judgeChange(change(), { reading: rate(100, 100), end: END, baseline, detector, limit: 8_640 });
    expect(fired).toMatchObject({ severity: "warning", isGood: false, detector: 8_640, point: { evidence: 1 } });
    const good = judgeChange(change(), { reading: rate(4, 100), end: END, baseline, detector, limit: 8_640 });
    expect(good).toMatchObject({ severity: null, isGood: true });
  });

  test("down and both directions are seen by the direction that is asked for", () => {
    const baseline = baselineOf(
      past(4_000, () => total(40)),
      { isSeasonal: false, isCount: true },
    );
    const after = (direction: string, value: number) =>
      judgeChange(change({ direction }), { reading: total(value), end: END, baseline, detector: 0, limit: 8_640 })
        .detector;
    expect(after("up", 10)).toBeLessThan(1);
    expect(after("down", 10)).toBeGreaterThan(100);
    expect(after("both", 30)).toBeCloseTo((after("up", 30) + after("down", 30)) / 2, 9);
  });

  test("of a seasonal series compares with the same hour", () => {
    const baseline = baselineOf(
      past(8_064, (end) => total(isNight(end) ? 10 : 100)),
      { isSeasonal: true, isCount: true },
    );
    const noon = END + 12 * 3_600_000;
    const of = (end: number, value: number) =>
      judgeChange(change(), { reading: total(value), end, baseline, detector: 0, limit: 8_640 });
    expect(of(noon, 100).point.expected).toBeCloseTo(100, 0);
    expect(of(END + 3 * 3_600_000, 100).point.expected).toBeCloseTo(10, 0);
    expect(of(noon, 100).detector).toBeLessThan(1);
    expect(of(END + 3 * 3_600_000, 40).detector).toBeGreaterThan(1_000);
  });

  test("is not hidden by an outlier of the past", () => {
    const values = [12, 11, 13, 12, 40, 12, 10, 14, 12, 11, 13, 12, 12, 12, 10, 14, 12, 11, 13, 12, 12, 12, 10, 14];
    const windows = past(values.length, () => total(0)).map(({ end }, place) => ({
      end,
      reading: total(values[place] ?? 0),
    }));
    const baseline = baselineOf(windows, { isSeasonal: false, isCount: true });
    if (baseline?.kind !== "count") throw new Error("not a baseline of counts");
    expect(baseline.expectedAt(END).mean).toBeGreaterThan(11.5);
    expect(baseline.expectedAt(END).mean).toBeLessThan(12.5);
  });

  test("of a latency is its rank among past windows, whatever their distribution is", () => {
    const random = createRandom(3);
    const slow = (scale: number) =>
      latencies(
        Array.from({ length: 50 }, () => scale * 100 * (1 + random.next() ** 4)),
        [],
      );
    const baseline = baselineOf(
      past(2_000, () => slow(1)),
      { isSeasonal: false, isCount: false },
    );
    const usual = judgeChange(change(), { reading: slow(1), end: END, baseline, detector: 0, limit: 8_640 });
    const tripled = judgeChange(change(), { reading: slow(3), end: END, baseline, detector: 0, limit: 8_640 });
    expect(usual.detector).toBeLessThan(20);
    expect(tripled.detector).toBeGreaterThan(30);
  });
});
