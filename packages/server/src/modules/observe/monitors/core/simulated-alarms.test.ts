import { readFileSync } from "node:fs";
import { MonitorCondition } from "@treadle/contract";
import { describe, expect, test } from "vitest";
import {
  countFalseAlarms,
  type DrawWindow,
  drawCount,
  drawLatency,
  drawRate,
  medianDelay,
  RATE,
  type Simulation,
  STEP_SECONDS,
  WATCHED,
} from "../testing/simulated-traffic.ts";
import type { Plan } from "./evaluate-series.ts";
import { expectedFalseAlarms } from "./false-alarms.ts";

const REQUESTS = [10, 50, 200];

const plan = (condition: object, more: Partial<Plan> = {}): Plan => ({
  condition: MonitorCondition.parse(condition),
  windowSeconds: STEP_SECONDS,
  everySeconds: STEP_SECONDS,
  holdFor: { needed: 1, of: 1 },
  recoverAfterSeconds: 300,
  onNoData: "show",
  ...more,
});
const THRESHOLD = { kind: "threshold", critical: 0.075 };
const CHANGE = plan({ kind: "change", direction: "up", isSeasonal: false });
type Row = {
  readonly name: string;
  readonly plan: Plan;
  readonly draw: DrawWindow;
  /** How many series of 30 days are drawn. Twelve would show twice the stated number of alarms. */
  readonly series: number;
  readonly requests?: readonly number[];
};
/** The conditions of the table in the guide. */
const CONDITIONS: readonly Row[] = [
  { name: "above 7.5 %", plan: plan(THRESHOLD), draw: drawRate, series: 12 },
  {
    name: "above 7.5 %, 3 of 3",
    plan: plan(THRESHOLD, { holdFor: { needed: 3, of: 3 } }),
    draw: drawRate,
    series: 4,
  },
  {
    name: "burn rate, objective 94 %",
    plan: plan({ kind: "burn", objective: 0.94 }),
    draw: drawRate,
    series: 4,
    requests: [...REQUESTS, 1_000],
  },
  { name: "change of a rate", plan: CHANGE, draw: drawRate, series: 12 },
  { name: "change of a count", plan: CHANGE, draw: drawCount, series: 12 },
  { name: "change of a mean latency", plan: CHANGE, draw: drawLatency, series: 6 },
];

/** How many false alarms the product states for this traffic in 30 days. */
const stated = ({ plan: of, n }: Simulation) =>
  expectedFalseAlarms(of, [
    { reading: { kind: "rate", bad: RATE * n * WATCHED, n: n * WATCHED }, seconds: WATCHED * STEP_SECONDS },
  ]) ?? Number.NaN;

const rows = CONDITIONS.flatMap(({ name, series, requests = REQUESTS, ...more }) =>
  requests.map((n) => {
    const simulation = { ...more, n, isCount: more.draw === drawCount };
    const alarms = countFalseAlarms(simulation, series);
    return { name, n, series, stated: stated(simulation), alarms, delay: medianDelay(simulation) };
  }),
);
const format = (value: number) => (value >= 10 ? value.toFixed(0) : value < 0.005 ? "0" : value.toFixed(2));
const table = rows.map(
  ({ name, n, delay, ...row }) =>
    `| ${name} | ${n.toLocaleString("en")} | ${format(row.stated)} | ${format(row.alarms / row.series)} | ${delay === null ? "–" : `${delay * 5} min`} |`,
);

describe("false alarms of 30 days without a change", () => {
  test.each(rows)("$name with $n requests per window stay within the stated number", (row) => {
    // The 99.9 % upper end of a Poisson number of alarms over all simulated series.
    const mean = row.stated * row.series;
    expect(row.alarms).toBeLessThanOrEqual(mean + 3.1 * Math.sqrt(mean) + 2);
  });

  test("of a threshold are not overstated", () => {
    const often = rows.filter(({ name, stated: alone, series }) => name === "above 7.5 %" && alone * series >= 10);
    expect(often).toHaveLength(REQUESTS.length);
    for (const { stated: alone, alarms, series } of often) expect(alarms).toBeGreaterThan(0.5 * alone * series);
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
