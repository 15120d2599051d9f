import { expect, test } from "vitest";
import { histogramOf, traceHistogramOf } from "./use-list-metrics.ts";

test("all and failed stand side by side, step by step, in the order of time", () => {
  const row = (cohort: string, time: string, count: number | null) => ({
    group: { cohort, time },
    isOther: false,
    values: { count },
    n: 1,
  });
  const [one, two] = ["2026-01-01T00:00:00.000Z", "2026-01-01T00:01:00.000Z"];
  const metrics = {
    from: one,
    to: "2026-01-01T00:02:00.000Z",
    intervalSeconds: 60,
    columns: [],
    rows: [row("all", two, 5), row("all", one, 3), row("failed", two, 1)],
    isTruncated: false,
  };
  expect(histogramOf(metrics)).toEqual({
    times: [Date.parse(one) / 1000, Date.parse(two) / 1000],
    stepSeconds: 60,
    all: [3, 5],
    failed: [0, 1],
  });
});

test("above a list of traces each step counts whole traces", () => {
  const totals = {
    traces: 3,
    failedTraces: 1,
    spans: 90,
    failedSpans: 2,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: null,
    durationP50Ms: 1,
    durationP90Ms: 1,
    durationP95Ms: 1,
    durationP99Ms: 1,
  };
  const time = "2026-01-01T00:00:00.000Z";
  const answer = { from: time, to: "2026-01-01T00:01:00.000Z", bucketSeconds: 60, totals };
  const buckets = [{ time, traces: 3, failedTraces: 1 }];
  expect(traceHistogramOf({ ...answer, buckets })).toEqual({
    times: [Date.parse(time) / 1000],
    stepSeconds: 60,
    all: [3],
    failed: [1],
  });
  expect(traceHistogramOf({ ...answer, buckets, totals: { ...totals, traces: 0 } }).times).toEqual([]);
});
