import { expect, test } from "vitest";
import { openTestLimiter, spent } from "../testing/open-test-limiter.ts";
import { restoreState, stateOf } from "./state.ts";

const LIMITS = [
  { measure: "cost", amount: 1, window: "month", scope: "key" },
  { measure: "requests", amount: 60, burst: 3 },
  { measure: "concurrency", window: null, amount: 5 },
] as const;

const reload = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("a snapshot and the charges after it restore what is used, and leave out calls that were running", () => {
  const before = openTestLimiter(...LIMITS);
  before.reserve()?.settle(spent());
  const snapshot = reload(stateOf(before.limiter));
  before.charges.length = 0;
  before.reserve()?.settle(spent({ costUsd: 0.3 }));
  before.reserve();
  const after = openTestLimiter(...LIMITS);
  restoreState(after.limiter, { snapshot, lines: before.charges.map(reload) });
  expect(after.counter(1, "key_1")).toMatchObject({ used: 0.42, reserved: 0, open: 0 });
  expect(after.counter(2)?.tat).toBe(after.limiter.times().steady + 2_000);
  expect(after.counter(3)).toBeUndefined();
});

test("a charge of an earlier month does not count in this one", () => {
  const before = openTestLimiter(...LIMITS);
  before.reserve()?.settle(spent());
  const after = openTestLimiter(...LIMITS);
  after.pass(3_600_000);
  restoreState(after.limiter, { snapshot: null, lines: before.charges.map(reload) });
  expect(after.counter(1, "key_1")?.used).toBe(0);
});

test("a recount replaces what is used, and a deleted limit or a damaged line is skipped", () => {
  const world = openTestLimiter(...LIMITS);
  world.reserve()?.settle(spent());
  const start = world.counter(1, "key_1")?.start;
  const lines = [
    ...world.charges.map(reload),
    { at: world.limiter.times().now, set: [["lim_1", "key_1", start, 0.5, 2]] },
    { at: world.limiter.times().now, used: [["lim_deleted", "", 1]] },
    { used: "damaged" },
    null,
  ];
  const after = openTestLimiter(...LIMITS);
  restoreState(after.limiter, { snapshot: { counters: [[1, 2], null] }, lines });
  expect(after.counter(1, "key_1")).toMatchObject({ used: 0.5, unpriced: 2 });
});
