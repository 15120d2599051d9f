import { expect, test } from "vitest";
import { adviceFor, formatPeriod, nextOf, reachOf, stateOf } from "./export-words.ts";

const period = (from: string, to: string) => formatPeriod({ from: `2026-11-${from}Z`, to: `2026-11-${to}Z` });

test("a period is shown in UTC: a whole day by its date, an hour by its ends, a part by its exact bounds", () => {
  expect(period("20T00:00:00.000", "21T00:00:00.000")).toBe("20 Nov 2026");
  expect(period("20T12:00:00.000", "20T13:00:00.000")).toBe("20 Nov 2026, 12:00–13:00");
  expect(period("20T23:00:00.000", "21T00:00:00.000")).toBe("20 Nov 2026, 23:00–24:00");
  expect(period("20T00:11:15.000", "20T00:16:52.500")).toBe("20 Nov 2026, 00:11:15–00:16:52.500");
});

test("a period is due five minutes after its end", () => {
  const next = nextOf({ every: "day", nextFrom: "2026-11-20T00:00:00.000Z" });
  expect(next.to).toBe("2026-11-21T00:00:00.000Z");
  expect(new Date(next.dueAt).toISOString()).toBe("2026-11-21T00:05:00.000Z");
});

test("paused wins over failing, failing over being behind, and a few seconds are not late", () => {
  const item = { every: "hour", nextFrom: "2026-11-20T12:00:00.000Z", isEnabled: true, lastError: "" } as const;
  const at = (time: string) => Date.parse(`2026-11-20T${time}Z`);
  expect(stateOf(item, at("13:06:00"))).toBe("waiting");
  expect(stateOf(item, at("13:08:00"))).toBe("behind");
  expect(stateOf({ ...item, lastError: "away" }, at("13:08:00"))).toBe("failing");
  expect(stateOf({ ...item, lastError: "away", isEnabled: false }, at("13:08:00"))).toBe("paused");
});

test("an error leads to what can be done about it", () => {
  expect(adviceFor("The second from 2026-11-20T12:00:00.000Z holds more spans than one file takes.")).toBe("narrow");
  expect(adviceFor("ENOSPC: no space left on device, write")).toBe("space");
  expect(adviceFor("The filter has a problem at character 3")).toBe("filter");
  expect(adviceFor("connect ECONNREFUSED 127.0.0.1:9000")).toBe("stores");
});

test("the number of files is shown as a duration", () => {
  expect(reachOf(1, "hour")).toBe("about 1 hour");
  expect(reachOf(48, "hour")).toBe("about 48 hours");
  expect(reachOf(400, "hour")).toBe("about 17 days");
  expect(reachOf(400, "day")).toBe("about 400 days");
  expect(reachOf(10_000, "day")).toBe("about 27 years");
});
