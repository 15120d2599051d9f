import { MonitorSource } from "@treadle/contract";
import { expect, test } from "vitest";
import { tracesBehind } from "./traces-behind.ts";

const time = { from: "2026-03-02T00:00:00.000Z", to: "2026-03-02T01:00:00.000Z" };

test("a series leads to its spans, and an error rate to the failed ones", () => {
  const source = MonitorSource.parse({ kind: "measure", measure: "errorRate", filter: "model:a", groupBy: "endpoint" });
  expect(tracesBehind(source, "support", time)).toEqual({
    view: "spans",
    filter: "model:a endpoint:support status:error",
    ...time,
  });
  expect(tracesBehind(source, "other", time).filter).toBe("model:a status:error");
});

test("a query leads to all spans of the time", () => {
  const source = MonitorSource.parse({ kind: "sql", sql: "SELECT 1 AS value" });
  expect(tracesBehind(source, "", time)).toEqual({ view: "spans", ...time });
});
