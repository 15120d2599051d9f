import { expect, test } from "vitest";
import { histogramOf } from "./use-list-metrics.ts";

test("all and failed stand side by side, step by step, in the order of time", () => {
  const row = (cohort: string, time: string, traces: number | null) => ({
    group: { cohort, time },
    isOther: false,
    values: { traces },
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
  expect(histogramOf(metrics, "traces")).toEqual({
    times: [Date.parse(one) / 1000, Date.parse(two) / 1000],
    stepSeconds: 60,
    all: [3, 5],
    failed: [0, 1],
  });
});
