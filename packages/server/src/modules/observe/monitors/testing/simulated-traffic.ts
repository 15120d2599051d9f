import { createRandom, type Random } from "@treadle/metrics";
import type { Plan } from "../core/evaluate-series.ts";
import type { Readings } from "../core/judge-burn.ts";
import type { Reading } from "../core/reading.ts";
import { replay } from "../core/replay.ts";

export const STEP_SECONDS = 300;
export const PER_DAY = 288;
export const LEARNED = 14 * PER_DAY;
export const WATCHED = 30 * PER_DAY;
/** The rate of bad requests before a change. */
export const RATE = 0.05;
const STEP_MS = STEP_SECONDS * 1_000;
/** The end of what is only learned. */
const END = Date.parse("2026-11-30T00:00:00Z");
const MEAN_LATENCY_MS = 500;

/** Draws one window of `n` requests on average, with an error rate, a count or a latency that is `factor` times the usual. */
export type DrawWindow = (random: Random, n: number, factor: number) => () => Reading;

/** A whole number from its cumulative distribution. */
function createDraw(cumulative: readonly number[], random: Random): () => number {
  return () => {
    const draw = random.next();
    const place = cumulative.findIndex((bound) => draw < bound);
    return place < 0 ? cumulative.length - 1 : place;
  };
}

/** The cumulative distribution of probabilities from 0 on, each a factor of the one before. */
function cumulate(first: number, most: number, factorAt: (k: number) => number): number[] {
  const cumulative: number[] = [];
  let [term, sum] = [first, 0];
  for (let k = 0; k <= most; k++) {
    sum += term;
    cumulative.push(sum);
    term *= factorAt(k);
  }
  return cumulative;
}

/** Failed requests of `n`: each fails by itself. */
export const drawRate: DrawWindow = (random, n, factor) => {
  const rate = RATE * factor;
  const cumulative = cumulate((1 - rate) ** n, n, (k) => ((n - k) / (k + 1)) * (rate / (1 - rate)));
  const next = createDraw(cumulative, random);
  return () => ({ kind: "rate", bad: next(), n });
};

/** The number of requests that arrive independently. */
export const drawCount: DrawWindow = (random, n, factor) => {
  const mean = n * factor;
  const most = Math.ceil(mean + 12 * Math.sqrt(mean) + 12);
  const next = createDraw(
    cumulate(Math.exp(-mean), most, (k) => mean / (k + 1)),
    random,
  );
  return () => {
    const value = next();
    return { kind: "total", value, n: value };
  };
};

/** The latencies of `n` requests, whose deviation is as large as their mean. */
export const drawLatency: DrawWindow = (random, n, factor) => () => {
  let [sum, sumOfSquares] = [0, 0];
  for (let request = 0; request < n; request++) {
    const latency = -Math.log(1 - random.next()) * MEAN_LATENCY_MS * factor;
    sum += latency;
    sumOfSquares += latency * latency;
  }
  return { kind: "mean", n, sum, sumOfSquares };
};

export type Simulation = {
  readonly plan: Plan;
  readonly draw: DrawWindow;
  /** Requests per window. */
  readonly n: number;
  readonly isCount: boolean;
};

function drawSeries({ draw, n }: Simulation, random: Random, parts: readonly [windows: number, factor: number][]) {
  return parts.flatMap(([windows, factor]) => {
    const next = draw(random, n, factor);
    return Array.from({ length: windows }, next);
  });
}

/** When a monitor would have fired, in windows after what is only learned. */
function alarmsOf({ plan, isCount }: Simulation, series: readonly Reading[]): number[] {
  const readingsAt = createReadings(series, plan);
  const windows = series.map((_, place) => ({
    end: END + (place - LEARNED) * STEP_MS,
    readings: place < LEARNED && plan.condition.kind !== "change" ? null : readingsAt(place),
  }));
  const options = { from: END, learnEveryMs: 5 * PER_DAY * STEP_MS, isCount };
  return replay(plan, windows, options).alarms.map(({ from }) => (Date.parse(from) - END) / STEP_MS);
}

/** The readings of all window lengths of a plan. Only a burn rate has several, and it needs rates. */
function createReadings(series: readonly Reading[], { condition, windowSeconds }: Plan): (place: number) => Readings {
  if (condition.kind !== "burn") return (place) => new Map([[windowSeconds, series[place] as Reading]]);
  const lengths = condition.windows.flatMap(({ longMinutes, shortMinutes }) => [longMinutes * 60, shortMinutes * 60]);
  const bad = [0];
  const all = [0];
  for (const reading of series) {
    if (reading.kind !== "rate") throw new Error("A burn rate needs rates.");
    bad.push((bad.at(-1) ?? 0) + reading.bad);
    all.push((all.at(-1) ?? 0) + reading.n);
  }
  return (place) =>
    new Map(
      lengths.map((seconds): [number, Reading] => {
        const from = Math.max(0, place + 1 - seconds / STEP_SECONDS);
        const sumOf = (sums: readonly number[]) => (sums[place + 1] ?? 0) - (sums[from] ?? 0);
        return [seconds, { kind: "rate", bad: sumOf(bad), n: sumOf(all) }];
      }),
    );
}

/** Alarms of all series in 30 days without a change. */
export function countFalseAlarms(simulation: Simulation, seriesCount: number): number {
  const random = createRandom(24 + simulation.n);
  let alarms = 0;
  for (let series = 0; series < seriesCount; series++)
    alarms += alarmsOf(simulation, drawSeries(simulation, random, [[LEARNED + WATCHED, 1]])).length;
  return alarms;
}

const DELAYS = 9;

/** The median number of windows until the alarm after a value has doubled. Null if most series do not fire within a day. */
export function medianDelay(simulation: Simulation): number | null {
  const random = createRandom(7 + simulation.n);
  const draw = () =>
    drawSeries(simulation, random, [
      [LEARNED, 1],
      [PER_DAY, 2],
    ]);
  const delays = Array.from({ length: DELAYS }, () => alarmsOf(simulation, draw())[0] ?? Number.POSITIVE_INFINITY);
  delays.sort((one, other) => one - other);
  const median = delays[(DELAYS - 1) / 2] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(median) ? median + 1 : null;
}
