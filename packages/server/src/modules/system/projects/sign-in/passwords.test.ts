import { expect, test } from "vitest";
import { createPasswords } from "./passwords.ts";

/** Hashes that finish when the test says so. */
function createSlowHash() {
  const pending: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const passwords = createPasswords(async () => {
    running++;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => pending.push(resolve));
    running--;
    return Buffer.alloc(32);
  });
  const finishOne = async () => {
    pending.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, 1));
  };
  return { passwords, finishOne, most: () => most, isIdle: () => running === 0 && pending.length === 0 };
}

const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => "checked",
    (error) => error.code,
  );

test("one password is hashed at a time, however many addresses sign in", async () => {
  const { passwords, finishOne, most, isIdle } = createSlowHash();
  const checks = Array.from({ length: 30 }, (_, index) => outcomeOf(passwords.verify("x", null, `10.0.0.${index}`)));
  while (!isIdle()) await finishOne();
  expect(new Set(await Promise.all(checks))).toEqual(new Set(["checked"]));
  expect(most()).toBe(1);
});

test("100 sign-ins from one address wait for each other, and a sign-in from elsewhere is next", async () => {
  const { passwords, finishOne, isIdle } = createSlowHash();
  const flood = Array.from({ length: 100 }, () => outcomeOf(passwords.verify("x", null, "6.6.6.6")));
  let isIn = false;
  const honest = passwords.verify("x", null, "10.0.0.1").then(() => {
    isIn = true;
  });
  await finishOne();
  await finishOne();
  await finishOne();
  expect(isIn).toBe(true);
  while (!isIdle()) await finishOne();
  await honest;
  const outcomes = await Promise.all(flood);
  expect(outcomes.filter((outcome) => outcome === "checked")).toHaveLength(5);
  expect(outcomes.filter((outcome) => outcome === "rate_limited")).toHaveLength(95);
});
