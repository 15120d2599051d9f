import { readFileSync } from "node:fs";
import { MonitorCondition } from "@treadle/contract";
import { createRandom, type Random } from "@treadle/metrics";
import { describe, expect, test } from "vitest";
import type { Plan } from "./evaluate-series.ts";
import { expectedFalseAlarms } from "./false-alarms.ts";
import type { Readings } from "./judge-burn.ts";
import type { Reading } from "./reading.ts";
import { replay } from "./replay.ts";

/** Bad spans and spans of each 5-minute window. */
type Windows = readonly (readonly [bad: number, n: number])[];

const STEP_SECONDS = 300;
const PER_DAY = 288;
const LEARNED = 14 * PER_DAY;
const WATCHED = 30 * PER_DAY;
const END = Date.parse("2026-11-30T00:00:00Z");
const SERIES = 4;
const RATE = 0.05;
const REQUESTS = [10, 50, 200];

const plan = (condition: object, more: Partial<Plan> = {}): Plan => ({
  condition: MonitorCondition.parse(condition),
  windowSeconds: STEP_SECONDS,
  everySeconds: STEP_SECONDS,
  holdFor: { needed: 1, of: 1 },
  recoverAfterSeconds: 300,
  noData: "show",
  ...more,
});
/** The conditions of the table in the guide. */
const CONDITIONS: Readonly<Record<string, Plan>> = {
  "above 7.5 %": plan({ kind: "threshold", critical: 0.075 }),
  "above 7.5 %, 3 of 3": plan({ kind: "threshold", critical: 0.075 }, { holdFor: { needed: 3, of: 3 } }),
  "burn rate, objective 94 %": plan({ kind: "burn", objective: 0.94 }),
  "change of a rate": plan({ kind: "change", direction: "up", isSeasonal: false }),
};

/** How many of `n` requests are bad, by the inverse of the distribution. */
function createBinomial(n: number, rate: number, random: Random): () => number {
  const cumulative: number[] = [];
  let [term, sum] = [(1 - rate) ** n, 0];
  for (let k = 0; k <= n; k++) {
    sum += term;
    cumulative.push(sum);
    term *= ((n - k) / (k + 1)) * (rate / (1 - rate));
  }
  return () => {
    const draw = random.next();
    return Math.max(
      0,
      cumulative.findIndex((bound) => draw < bound),
    );
  };
}

function draw(n: number, rates: readonly [count: number, rate: number][], random: Random): Windows {
  return rates.flatMap(([count, rate]) => {
    const next = createBinomial(n, rate, random);
    return Array.from({ length: count }, (): [number, number] => [next(), n]);
  });
}

/** The readings of all windows of a plan, from sums of the past. */
function toReadings(windows: Windows, { condition, windowSeconds }: Plan): (place: number) => Readings {
  const lengths =
    condition.kind === "burn"
      ? condition.windows.flatMap(({ longMinutes, shortMinutes }) => [longMinutes * 60, shortMinutes * 60])
      : [windowSeconds];
  const sums = windows.reduce<[number, number][]>(
    (all, [bad, n]) => {
      const [before] = all.slice(-1) as [[number, number]];
      all.push([before[0] + bad, before[1] + n]);
      return all;
    },
    [[0, 0]],
  );
  const sumsAt = (index: number): readonly [number, number] => sums[index] ?? [0, 0];
  return (place) =>
    new Map(
      lengths.map((seconds): [number, Reading] => {
        const to = sumsAt(place + 1);
        const from = sumsAt(Math.max(0, place + 1 - seconds / STEP_SECONDS));
        return [seconds, { kind: "rate", bad: to[0] - from[0], n: to[1] - from[1] }];
      }),
    );
}

function alarmsOf(of: Plan, windows: Windows, from: number) {
  const readingsAt = toReadings(windows, of);
  const endOf = (place: number) => END + (place - LEARNED) * STEP_SECONDS * 1_000;
  const all = windows.map((_, place) => ({ end: endOf(place), readings: readingsAt(place) }));
  const options = { from: endOf(from), learnEveryMs: 5 * 86_400_000, isCount: false };
  return replay(of, all, options).alarms.map(
    ({ from: at }) => (Date.parse(at) - endOf(LEARNED)) / (STEP_SECONDS * 1_000),
  );
}

/** Alarms in 30 days without a change, for each series. */
function falseAlarms(of: Plan, n: number): number {
  const random = createRandom(24 + n);
  let alarms = 0;
  for (let series = 0; series < SERIES; series++)
    alarms += alarmsOf(of, draw(n, [[LEARNED + WATCHED, RATE]], random), LEARNED).length;
  return alarms / SERIES;
}

/** The median number of windows until the alarm after the rate has doubled. Null if most series do not fire within a day. */
function delayOf(of: Plan, n: number): number | null {
  const random = createRandom(7 + n);
  const delays = Array.from({ length: 9 }, () => {
    const windows = draw(
      n,
      [
        [LEARNED, RATE],
        [PER_DAY, 2 * RATE],
      ],
      random,
    );
    return alarmsOf(of, windows, LEARNED)[0] ?? Number.POSITIVE_INFINITY;
  }).sort((one, other) => one - other);
  const median = delays[4] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(median) ? median + 1 : null;
}

/** A series of windows of which the last part may be doubled, and the alarms of a monitor for changes. */
type Draw = (random: Random, n: number, factor: number) => Reading;
const CHANGE = CONDITIONS["change of a rate"] as Plan;
const OTHER_CHANGES: Readonly<Record<string, { readonly draw: Draw; readonly isCount: boolean }>> = {
  "change of a count": {
    isCount: true,
    draw: (random, n, factor) => {
      const mean = n * factor;
      const value = Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
      return { kind: "total", value, n: value };
    },
  },
  "change of a mean latency": {
    isCount: false,
    // Latencies with a deviation as large as their mean.
    draw: (random, n, factor) => {
      const mean = 500 * factor * (1 + normal(random) / Math.sqrt(n));
      return { kind: "mean", n, sum: n * mean, sumOfSquares: 2 * n * mean * mean };
    },
  },
};
const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

function changesOf(
  name: string,
  n: number,
  more: { readonly windows: number; readonly factor: number; random: Random },
) {
  const { draw: next, isCount } = OTHER_CHANGES[name] as { draw: Draw; isCount: boolean };
  const windows = Array.from({ length: LEARNED + more.windows }, (_, place) => ({
    end: END + (place - LEARNED) * STEP_SECONDS * 1_000,
    readings: new Map([[STEP_SECONDS, next(more.random, n, place < LEARNED ? 1 : more.factor)]]),
  }));
  const { alarms } = replay(CHANGE, windows, { from: END, learnEveryMs: 5 * 86_400_000, isCount });
  return alarms.map(({ from }) => (Date.parse(from) - END) / (STEP_SECONDS * 1_000));
}

const falseChanges = (name: string, n: number) => {
  const random = createRandom(11 + n);
  const series = Array.from({ length: SERIES }, () => changesOf(name, n, { windows: WATCHED, factor: 1, random }));
  return series.flat().length / SERIES;
};
const delayOfChange = (name: string, n: number) => {
  const random = createRandom(5 + n);
  const delays = Array.from(
    { length: 9 },
    () => changesOf(name, n, { windows: PER_DAY, factor: 2, random })[0] ?? Number.POSITIVE_INFINITY,
  ).sort((one, other) => one - other);
  return (delays[4] ?? 0) + 1;
};

/** How many false alarms the product states for the same traffic. */
const stated = (of: Plan, n: number) =>
  expectedFalseAlarms(of, [
    { reading: { kind: "rate", bad: RATE * n * WATCHED, n: n * WATCHED }, seconds: WATCHED * STEP_SECONDS },
  ]) ?? Number.NaN;

/** Rows of the table in the guide: per condition and traffic, stated and simulated false alarms, and the delay. */
const rows = [
  ...Object.entries(CONDITIONS).flatMap(([name, of]) =>
    REQUESTS.map((n) => ({ name, n, stated: stated(of, n), simulated: falseAlarms(of, n), delay: delayOf(of, n) })),
  ),
  ...Object.keys(OTHER_CHANGES).flatMap((name) =>
    REQUESTS.map((n) => ({ name, n, stated: 1, simulated: falseChanges(name, n), delay: delayOfChange(name, n) })),
  ),
];
const format = (value: number) => (value >= 10 ? value.toFixed(0) : value < 0.005 ? "0" : value.toFixed(2));
const table = rows.map(
  ({ name, n, delay, ...alarms }) =>
    `| ${name} | ${n} | ${format(alarms.stated)} | ${format(alarms.simulated)} | ${delay === null ? "–" : `${delay * 5} min`} |`,
);

describe("false alarms of 30 days without a change", () => {
  test.each(rows)("$name with $n requests per window stay within the stated number", (row) => {
    // The 99.9 % upper end of a Poisson number of alarms over all simulated series.
    const mean = row.stated * SERIES;
    const most = mean + 3.3 * Math.sqrt(mean) + 4;
    expect(row.simulated * SERIES).toBeLessThanOrEqual(most);
  });

  test("are those of the guide", () => {
    const guide = readFileSync(
      new URL("../../../../../../../docs/guide/monitors.md", import.meta.url),
      "utf8",
    ).replaceAll(/ +/g, " ");
    for (const line of table) expect(guide).toContain(line);
  });
});

test("a doubled error rate of 5 % is found as a change within hours at 10, and within minutes at 200 requests per window", () => {
  const delays = rows.filter(({ name }) => name === "change of a rate").map(({ delay }) => delay ?? 999);
  expect(delays[0]).toBeLessThan(120);
  expect(delays[1]).toBeLessThan(24);
  expect(delays[2]).toBeLessThan(8);
});
