import { expect, test } from "vitest";
import { allowanceWords, scopeWords } from "./limit-words.ts";

test("a limit is described by its amount, its period and its scope", () => {
  expect(allowanceWords({ amount: 500, measure: "cost", window: "month" })).toMatch(/^\$500(\.00)? per month$/);
  expect(allowanceWords({ amount: 1, measure: "requests", window: "minute" })).toBe("1 request per minute");
  expect(allowanceWords({ amount: 10, measure: "concurrency", window: null })).toBe("10 calls at the same time");
  expect(scopeWords({ scope: "key", value: null })).toBe("each API key");
  expect(scopeWords({ scope: "tag", value: "batch" })).toBe('the tag "batch"');
  expect(scopeWords({ scope: "project", value: null })).toBe("the whole project");
});
