import { MonitorCondition } from "@treadle/contract";
import { expect, test } from "vitest";
import {
  alarmShades,
  bandOf,
  evidenceOf,
  firingShades,
  limitsOf,
  startsOf,
  stretchesOf,
  thinPoints,
} from "./chart-values.ts";
import type { MonitorPoint } from "./use-monitors.ts";

const START = Date.parse("2026-03-02T00:00:00Z") / 1_000;
const pointAt = (minute: number, fields: Partial<MonitorPoint> = {}): MonitorPoint => ({
  at: new Date((START + minute * 60) * 1_000).toISOString(),
  value: 1,
  n: 10,
  lower: null,
  upper: null,
  expected: null,
  evidence: null,
  state: "ok",
  ...fields,
});

test("a long course is thinned without losing its peak or its gap", () => {
  const points = Array.from({ length: 10_000 }, (_, minute) =>
    pointAt(minute, { value: minute === 7_003 ? 99 : minute >= 5_000 && minute < 5_100 ? null : minute % 7 }),
  );
  const thin = thinPoints(points);
  expect(thin.length).toBeLessThanOrEqual(1_500);
  expect(thin.filter(({ value }) => value === 99)).toHaveLength(1);
  expect(thin.some(({ value }) => value === null)).toBe(true);
  expect(thin.map(({ at }) => at)).toEqual(thin.map(({ at }) => at).toSorted());
  expect(thinPoints(points.slice(0, 100))).toHaveLength(100);
});

test("a point is drawn at the start of its window", () => {
  expect(startsOf([pointAt(5)], 300)).toEqual([START]);
});

test("a band needs an interval", () => {
  expect(bandOf([pointAt(1)])).toEqual({});
  expect(bandOf([pointAt(1), pointAt(2, { lower: 0, upper: 2 })])).toEqual({
    band: { lower: [null, 0], upper: [null, 2] },
  });
});

test("states are joined into stretches that last until the next evaluation", () => {
  const timing = { windowSeconds: 120, everySeconds: 60 };
  const points = [pointAt(3), pointAt(4), pointAt(5, { state: "firing" }), pointAt(7, { state: "firing" }), pointAt(8)];
  expect(
    stretchesOf(points, timing).map(({ state, from, to }) => [state, (from - START) / 60, (to - START) / 60]),
  ).toEqual([
    ["ok", 1, 3],
    ["firing", 3, 6],
    ["ok", 6, 7],
  ]);
  expect(firingShades(points, timing)).toEqual([{ from: START + 180, to: START + 360, color: "--bad" }]);
});

test("an alarm of a preview is drawn with the values of its windows", () => {
  const [from, to] = [pointAt(5).at, pointAt(7).at];
  const preview = { end: pointAt(9).at, windowSeconds: 120 };
  expect(alarmShades([{ from, to, severity: "warning" }], preview)).toEqual([
    { from: START + 180, to: START + 300, color: "--warn" },
  ]);
  expect(alarmShades([{ from, to: null, severity: "critical" }], preview)).toEqual([
    { from: START + 180, to: START + 540, color: "--bad" },
  ]);
});

test("thresholds are lines with their values", () => {
  const condition = MonitorCondition.parse({ kind: "threshold", critical: 0.05, warning: 0.02 });
  expect(limitsOf(condition, "ratio").map(({ label }) => label)).toEqual(["critical 5%", "warning 2%"]);
  expect(limitsOf(MonitorCondition.parse({ kind: "burn", objective: 0.99 }), "burn").map(({ label }) => label)).toEqual(
    ["critical 14.4×", "critical 6×", "warning 3×", "warning 1×"],
  );
  expect(limitsOf(MonitorCondition.parse({ kind: "change" }), "ms")).toEqual([]);
});

test("evidence is drawn in powers of ten within the ends of the chart", () => {
  const points = [0, 0.1, 1, 1e9].map((evidence, minute) => pointAt(minute, { evidence }));
  expect(evidenceOf([...points, pointAt(9)])).toEqual([-2, -1, 0, 4, null]);
});
