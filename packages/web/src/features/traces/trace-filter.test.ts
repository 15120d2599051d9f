import { SpanFilter } from "@treadle/contract";
import { expect, test } from "vitest";
import { FIELD_NAMES, fieldOf, parseFilter, toggleValue, wholeFilter, wordsOf } from "./trace-filter.ts";

test("every field of the filter is one of the API's", () => {
  expect(FIELD_NAMES.filter((name) => !(name in SpanFilter.shape))).toEqual([]);
});

test("an address keeps what narrows, and drops what is empty, unknown or not a number", () => {
  const search = {
    model: "gpt-4o,llama",
    minCostUsd: "-1",
    minDurationMs: "500",
    userId: "",
    search: "refund",
    order: "costUsd",
  };
  expect(parseFilter(search)).toEqual({ model: "gpt-4o,llama", minDurationMs: "500", search: "refund" });
});

test("setting a whole filter takes away what it does not hold", () => {
  const whole = wholeFilter({ status: "error" });
  expect(whole.status).toBe("error");
  expect("model" in whole && whole.model === undefined && "search" in whole).toBe(true);
});

test("a value is added to its field, and taken away again", () => {
  expect(toggleValue(undefined, "a")).toBe("a");
  expect(toggleValue("a", "b")).toBe("a,b");
  expect(toggleValue("a,b", "a")).toBe("b");
  expect(toggleValue("b", "b")).toBeUndefined();
});

test("a chip reads as a sentence", () => {
  expect(Object.values(wordsOf("model", "a,b")).join(" ")).toBe("Model is a or b");
  expect(Object.values(wordsOf("minDurationMs", "1500")).join(" ")).toBe("Duration ≥ 1,500 ms");
  expect(Object.values(wordsOf("minCostUsd", "0.01")).join(" ")).toBe("Cost ≥ $0.01");
  expect(fieldOf("kind").choices).toContain("generation");
});
