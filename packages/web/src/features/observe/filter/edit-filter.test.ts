import { parseFilter } from "@treadle/contract";
import { expect, test } from "vitest";
import { addCondition, removeCondition, writeKey, writeValue } from "./edit-filter.ts";
import { parseFilter as filterOfAddress, wholeFilter } from "./filter-address.ts";

const without = (text: string, part: string) => {
  const from = text.indexOf(part);
  return removeCondition(text, { from, to: from + part.length });
};

test("a value that was seen is written so that it is read as itself", () => {
  for (const value of ["gpt-4o", "a b", 'say "x"', "50%*", "a\\b", "(x)", "a,b", "<1", "-x"]) {
    const { filter, problems } = parseFilter(`tag:${writeValue(value)}`);
    expect(problems, value).toEqual([]);
    expect(filter, value).toMatchObject({ values: [value.replaceAll(/[*\\]/g, "\\$&")] });
  }
  expect(parseFilter(`${writeKey("metadata", "a key")}:x`).filter).toMatchObject({ key: "a key" });
});

test("one more condition holds for all alternatives", () => {
  expect(addCondition("", "status:error")).toBe("status:error");
  expect(addCondition("a ", "status:error")).toBe("a status:error");
  expect(addCondition("a OR b", "status:error")).toBe("(a OR b) status:error");
  expect(addCondition("(a OR b) c", "status:error")).toBe("(a OR b) c status:error");
});

test("a condition leaves without a trace", () => {
  expect(without("model:a latency>2s refund", "latency>2s")).toBe("model:a refund");
  expect(without("a AND b", "a")).toBe("b");
  expect(without("a AND b AND c", "b")).toBe("a AND c");
});

test("an address that names fields one by one is read as one text, which has no problems", () => {
  const search = {
    model: "gpt-4o,llama 3",
    minCostUsd: "-1",
    minDurationMs: "500",
    search: 'say "hi"',
    filter: "a OR b",
  };
  const { filter = "" } = filterOfAddress(search);
  expect(filter).toBe('(a OR b) "say \\"hi\\"" model:gpt-4o,"llama 3" latency>=500ms');
  expect(parseFilter(filter).problems).toEqual([]);
  expect(filterOfAddress({})).toEqual({});
  const again = filterOfAddress({ filter: "status:error", status: "error", model: "a" });
  expect(filterOfAddress({ ...again, status: "error", model: "a" })).toEqual({ filter: "status:error model:a" });
});

test("setting a whole filter takes away what it does not hold", () => {
  const whole = wholeFilter({ filter: "status:error" });
  expect(whole.filter).toBe("status:error");
  expect("model" in whole && whole.model === undefined).toBe(true);
});
