import { expect, test } from "vitest";
import { createConcurrencyLimit } from "./concurrency.ts";

test("so many work at a time, and the next is woken when one ends", () => {
  let woken = 0;
  const turns = createConcurrencyLimit({ most: 1, isBehind: () => false, wake: () => void woken++ });
  expect([turns.begin(), turns.begin()]).toEqual([true, false]);
  turns.end();
  expect(woken).toBe(1);
  expect([turns.begin(), turns.begin()]).toEqual([true, false]);
});

test("all work while much waits, and fewer again afterwards", () => {
  let isBehind = true;
  const turns = createConcurrencyLimit({ most: 1, isBehind: () => isBehind, wake() {} });
  expect([turns.begin(), turns.begin()]).toEqual([true, true]);
  isBehind = false;
  turns.end();
  expect(turns.begin()).toBe(false);
  turns.end();
  expect(turns.begin()).toBe(true);
});

test("a thread rests over its work while others are answered, unless much waits", () => {
  let isBehind = false;
  let areOthersAnswered = false;
  const turns = createConcurrencyLimit({
    most: 1,
    isBehind: () => isBehind,
    wake() {},
    areOthersAnswered: () => areOthersAnswered,
  });
  expect(turns.mayRest()).toBe(false);
  areOthersAnswered = true;
  expect(turns.mayRest()).toBe(true);
  isBehind = true;
  expect(turns.mayRest()).toBe(false);
});
