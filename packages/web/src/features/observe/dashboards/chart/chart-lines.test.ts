import { expect, test } from "vitest";
import { linesOf, type Metrics, type MetricsRow } from "./chart-lines.ts";

const TIMES = ["2026-03-01T00:00:00.000Z", "2026-03-01T01:00:00.000Z"];
const row = (time: number, values: MetricsRow["values"], group: Record<string, string> = {}): MetricsRow => ({
  group: { time: TIMES[time] ?? "", ...group },
  isOther: false,
  values,
  n: 1,
});
const metrics = (rows: MetricsRow[], previousRows?: MetricsRow[]): Metrics => ({
  from: TIMES[0] ?? "",
  to: "2026-03-01T02:00:00.000Z",
  intervalSeconds: 3600,
  columns: [],
  rows,
  ...(previousRows && { previousRows }),
  isTruncated: false,
});

test("every group is a separate line, and the rest is gray and called other", () => {
  const rest = { ...row(0, { costUsd: 1 }, { model: "" }), isOther: true };
  const { series, times } = linesOf(
    metrics([row(0, { costUsd: 5 }, { model: "a" }), row(1, { costUsd: null }, { model: "a" }), rest]),
    "line",
  );
  expect(times).toEqual([1772323200, 1772326800]);
  expect(series.map(({ label, color }) => [label, color])).toEqual([
    ["a", "--series-1"],
    ["other", "--series-6"],
  ]);
  expect(series[0]?.values).toEqual([5, null]);
});

test("a line includes its previous period, aligned by interval", () => {
  const { series } = linesOf(
    metrics([row(0, { count: 5 }), row(1, { count: 6 })], [row(0, { count: 3 }), row(1, { count: 4 })]),
    "line",
  );
  expect(series).toMatchObject([{ label: "Spans", values: [5, 6], before: [3, 4] }]);
});

test("where nothing was recorded before, no line is drawn for it", () => {
  const nothing = [0, 1].map((time) => ({ ...row(time, { count: 0 }), n: 0 }));
  const { series } = linesOf(metrics([row(0, { count: 5 }), row(1, { count: 6 })], nothing), "line");
  expect(series.map(({ before }) => before)).toEqual([undefined]);
});

test("bars of sums are stacked; percentiles are drawn as lines", () => {
  const rows = [row(0, { count: 5 }, { model: "a" }), row(0, { count: 2 }, { model: "b" })];
  const { series } = linesOf(metrics(rows), "bar");
  expect(series.map(({ kind, drawn }) => [kind, drawn])).toEqual([
    ["bars", [7]],
    ["bars", [2]],
  ]);
  const slow = [row(0, { latencyP95Ms: 5 }, { model: "a" }), row(0, { latencyP95Ms: 2 }, { model: "b" })];
  expect(linesOf(metrics(slow), "bar").series.map(({ kind }) => kind)).toEqual(["line", "line"]);
});

test("over stacked bars, the previous period is one line, the total", () => {
  const now = [row(0, { count: 5 }, { model: "a" }), row(0, { count: 2 }, { model: "b" })];
  const past = [row(0, { count: 1 }, { model: "a" }), row(0, { count: 3 }, { model: "b" })];
  expect(linesOf(metrics(now, past), "bar").series.map(({ before, drawnBefore }) => [before, drawnBefore])).toEqual([
    [[1], [4]],
    [[3], null],
  ]);
});

test("measures of another unit than the first are left out, since they would share its axis", () => {
  const { series } = linesOf(metrics([row(0, { inputTokens: 5, costUsd: 1, outputTokens: 2 })]), "line");
  expect(series.map(({ label, summary }) => [label, summary])).toEqual([
    ["Input tokens", "5"],
    ["Output tokens", "2"],
  ]);
});
