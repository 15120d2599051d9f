import { parseFilter } from "@treadle/contract";
import { expect, test } from "vitest";
import { groupCondition, otherCondition } from "./group-condition.ts";

test("the condition of every group is valid in the filter language", () => {
  const groups = [
    ["model", 'a "b"'],
    ["errorType", "TimeoutError"],
    ["user", ""],
    ["metadata.a b", "x,y"],
    ["latencyBand", "0"],
    ["latencyBand", "20"],
    ["latencyBand", "10000000"],
  ] as const;
  for (const [dimension, value] of groups)
    expect(parseFilter(groupCondition(dimension, value) ?? "").problems, `${dimension} ${value}`).toEqual([]);
});

test("a band of latency ends where the next begins", () => {
  expect(groupCondition("latencyBand", "200")).toBe("latency>=200ms latency<500ms");
  expect(groupCondition("latencyBand", "500")).toBe("latency>=500ms latency<1000ms");
  expect(groupCondition("latencyBand", "0")).toBe("latency>=0ms latency<1ms");
});

test("the rest is what is in none of the named groups", () => {
  const text = otherCondition("model", ["gpt-4o", "a,b", ""]);
  expect(text).toBe('-model:gpt-4o,"a,b",""');
  expect(parseFilter(text ?? "").problems).toEqual([]);
});

test("what the language has no word for gives no condition", () => {
  expect(groupCondition("hourOfDay", "3")).toBeUndefined();
  expect(otherCondition("dayOfWeek", ["1"])).toBeUndefined();
});
