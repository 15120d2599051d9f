import { expect, test } from "vitest";
import { allowanceWords, canQueue, scopeWords, waitingWords } from "./limit-words.ts";

test("a limit is described by its amount, its period and its scope", () => {
  expect(allowanceWords({ amount: 500, measure: "cost", window: "month" })).toMatch(/^\$500(\.00)? per month$/);
  expect(allowanceWords({ amount: 1, measure: "requests", window: "minute" })).toBe("1 request per minute");
  expect(allowanceWords({ amount: 10, measure: "concurrency", window: null })).toBe("10 calls at the same time");
  expect(scopeWords({ scope: "key", value: null })).toBe("each API key");
  expect(scopeWords({ scope: "tag", value: "batch" })).toBe('the tag "batch"');
  expect(scopeWords({ scope: "project", value: null })).toBe("the whole project");
});

test("calls can wait for a minute or for another call, not for an hour or a day", () => {
  expect(canQueue({ measure: "concurrency", window: null })).toBe(true);
  expect(canQueue({ measure: "tokens", window: "minute" })).toBe(true);
  expect(canQueue({ measure: "tokens", window: "hour" })).toBe(false);
  expect(canQueue({ measure: "cost", window: "month" })).toBe(false);
  expect([waitingWords(1), waitingWords(12)]).toEqual(["1 call is waiting", "12 calls are waiting"]);
});
