import { beforeEach, expect, test } from "vitest";
import { createBreakers } from "./breaker.ts";

let now = 0;
let breakers: ReturnType<typeof createBreakers>;
beforeEach(() => {
  now = 1_000;
  breakers = createBreakers({ now: () => now, elapsed: () => now });
});
const fail = (times: number) => {
  for (let count = 0; count < times; count++) breakers.fail("a");
};

test("five failures in a row open a circuit, and only that one", () => {
  fail(4);
  expect(breakers.refuse("a")).toBeNull();
  fail(1);
  expect(breakers.refuse("a")).toBe(5_000);
  expect(breakers.refuse("b")).toBeNull();
  expect(breakers.count()).toEqual({ open: 1, halfOpen: 0 });
});

test("failures that are fewer than the successes do not open it", () => {
  fail(1);
  for (let count = 0; count < 20; count++) breakers.succeed("a");
  fail(8);
  expect(breakers.refuse("a")).toBeNull();
});

test("failures in different windows do not add up", () => {
  fail(4);
  now += 30_001;
  fail(4);
  expect(breakers.refuse("a")).toBeNull();
});

test("after the pause one probe is let through, and its result decides", () => {
  fail(5);
  now += 5_000;
  expect(breakers.count()).toEqual({ open: 0, halfOpen: 1 });
  expect(breakers.refuse("a")).toBeNull();
  expect(breakers.refuse("a")).toBeGreaterThan(0);
  breakers.succeed("a");
  expect([breakers.refuse("a"), breakers.refuse("a")]).toEqual([null, null]);
});

test("a probe that fails doubles the pause, up to a minute", () => {
  fail(5);
  for (const pause of [10_000, 20_000, 40_000, 60_000, 60_000]) {
    now += 60_000;
    expect(breakers.refuse("a")).toBeNull();
    breakers.fail("a");
    expect(breakers.refuse("a")).toBe(pause);
  }
});

test("a probe whose caller disconnects makes room for the next one", () => {
  fail(5);
  now += 5_000;
  expect(breakers.refuse("a")).toBeNull();
  breakers.release("a");
  expect(breakers.refuse("a")).toBeNull();
});

test("calls that were running when the circuit opened do not lengthen its pause", () => {
  fail(40);
  expect(breakers.refuse("a")).toBe(5_000);
});

test("a pause that the provider asked for lasts as long as it said, at most five minutes, and ends with a success", () => {
  breakers.rest("a", 2_000);
  expect([breakers.restingMs("a"), breakers.isAvailable("a"), breakers.isAvailable("b")]).toEqual([2_000, false, true]);
  now += 2_000;
  expect([breakers.restingMs("a"), breakers.isAvailable("a")]).toEqual([0, true]);
  breakers.rest("a", 3_600_000);
  expect(breakers.restingMs("a")).toBe(300_000);
  breakers.succeed("a");
  expect(breakers.restingMs("a")).toBe(0);
});

test("whether a circuit is available is read without starting its probe", () => {
  fail(5);
  expect(breakers.isAvailable("a")).toBe(false);
  now += 5_000;
  expect([breakers.isAvailable("a"), breakers.isAvailable("a")]).toEqual([true, true]);
  expect(breakers.refuse("a")).toBeNull();
});
