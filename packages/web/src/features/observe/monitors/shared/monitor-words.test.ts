import { MonitorCondition, MonitorSource } from "@treadle/contract";
import { expect, test } from "vitest";
import {
  alarmsText,
  conditionWords,
  countWords,
  durationWords,
  everyWords,
  evidenceText,
  falseAlarmWords,
  limitText,
  recoveryWords,
  sourceWords,
  watchWords,
} from "./monitor-words.ts";

const measure = (fields: object) => MonitorSource.parse({ kind: "measure", measure: "errorRate", ...fields });
const threshold = (fields: object) => MonitorCondition.parse({ kind: "threshold", ...fields });

test("a source is named by its measure, group and filter", () => {
  expect(sourceWords(measure({}))).toBe("Error rate");
  expect(sourceWords(measure({ groupBy: "endpoint", filter: "model:gpt-4o" }))).toBe(
    "Error rate by endpoint, where model:gpt-4o",
  );
  expect(sourceWords(measure({ measure: "score.helpful", groupBy: "metadata.Tenant" }))).toBe("helpful by tenant");
  expect(sourceWords(MonitorSource.parse({ kind: "sql", sql: "SELECT 1 AS value" }))).toBe("SQL query");
});

test("a threshold is written in the unit of the measure and never rounded", () => {
  expect(conditionWords(threshold({ critical: 0.1234 }), "ratio")).toBe("above 12.34%");
  expect(conditionWords(threshold({ critical: 2_500, warning: 800 }), "ms")).toBe("above 2.5 s, warning above 800 ms");
  expect(conditionWords(threshold({ direction: "below", warning: 0.5 }), "score")).toBe("below 0.5");
  expect(limitText(0.07, "ratio")).toBe("7%");
  expect(limitText(1_234_567.5, "count")).toBe("1,234,567.5");
  expect(limitText(0.0001, "usd")).toBe("$0.0001");
});

test("a burn rate and a change are written as phrases", () => {
  expect(conditionWords(MonitorCondition.parse({ kind: "burn", objective: 0.999 }), "ratio")).toBe(
    "using the error budget of 99.9% too fast",
  );
  expect(conditionWords(MonitorCondition.parse({ kind: "change" }), "ms")).toBe(
    "higher than usual for the hour of the week",
  );
  expect(conditionWords(MonitorCondition.parse({ kind: "change", direction: "both", isSeasonal: false }), "ms")).toBe(
    "unusual compared with its past",
  );
});

test("a monitor is one phrase", () => {
  const source = measure({ groupBy: "model", filter: "user:ada" });
  expect(watchWords({ source, condition: threshold({ critical: 0.05 }) })).toBe(
    "Error rate by model above 5%, where user:ada",
  );
});

test("a duration is in the largest unit that divides it", () => {
  expect([60, 90, 300, 3_600, 5_400, 172_800].map(durationWords)).toEqual([
    "1 minute",
    "90 seconds",
    "5 minutes",
    "1 hour",
    "90 minutes",
    "2 days",
  ]);
  expect(durationWords(0)).toBe("0 seconds");
});

test("the times of a monitor read as sentences", () => {
  expect([60, 300, 3_600].map(everyWords)).toEqual(["every minute", "every 5 minutes", "every hour"]);
  expect([0, 300].map(recoveryWords)).toEqual([
    "in the first evaluation without the condition",
    "after 5 minutes without the condition",
  ]);
});

test("false alarms and evidence have two digits", () => {
  expect([null, 0, 0.004, 0.123, 3.24, 128].map(alarmsText)).toEqual(["unknown", "0", "<0.01", "0.12", "3.2", "130"]);
  expect([null, 3.24].map(falseAlarmWords)).toEqual(["unknown", "3.2 expected per 30 days"]);
  expect([0, 0.001, 0.42, 17.6, 5_000].map(evidenceText)).toEqual(["0", "<0.01", "0.42", "18", ">1,000"]);
});

test("the states that need attention come first in the counts", () => {
  const counts = { ok: 14, pending: 0, firing: 2, recovering: 0, "no-data": 1, error: 0 };
  expect(countWords(counts)).toBe("2 firing, 1 no data, 14 OK");
});
