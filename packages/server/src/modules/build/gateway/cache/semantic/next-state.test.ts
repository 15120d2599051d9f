import { expect, test } from "vitest";
import { falseHitRate, nextState } from "./next-state.ts";

const LIMIT = 0.05;
const measuring = (checks: number, falseHits: number) =>
  nextState({ state: "measuring", reason: null, checks, falseHits }, LIMIT);

test("the cache measures until it has enough checks, then serves", () => {
  expect(measuring(19, 0).state).toBe("measuring");
  expect(measuring(20, 0)).toEqual({ state: "serving", reason: null });
  expect(measuring(20, 1).state).toBe("serving");
});

test("a rate above the limit that may be chance is measured further", () => {
  expect(measuring(20, 2).state).toBe("measuring");
  expect(measuring(40, 2).state).toBe("serving");
});

test("the cache stops when the lower bound is above the limit, and says why", () => {
  expect(measuring(20, 4)).toEqual({
    state: "stopped",
    reason: "4 of 20 checked hits had another answer: 20 %, 95 % interval 8.1 % to 41.6 %. The limit is 5 %.",
  });
  expect(nextState({ state: "serving", reason: null, checks: 50, falseHits: 9 }, LIMIT).state).toBe("stopped");
});

test("a stopped cache stays stopped", () => {
  const stopped = { state: "stopped", reason: "why", checks: 1_000, falseHits: 0 } as const;
  expect(nextState(stopped, LIMIT)).toEqual({ state: "stopped", reason: "why" });
});

test("the rate has Wilson's interval, and none without checks", () => {
  expect(falseHitRate({ checks: 0, falseHits: 0 })).toBeNull();
  expect(falseHitRate({ checks: 20, falseHits: 0 })).toMatchObject({
    value: 0,
    low: 0,
    high: expect.closeTo(0.161, 3),
  });
});
