import { expect, test } from "vitest";
import { AppError } from "../../kernel/errors.ts";
import { triesFor, waitAfter } from "./retry-policy.ts";
import { TIMING } from "./timing.ts";

const providerError = (status: number) => new AppError("provider_failed", { details: { status } });
const minutesOf = (error: unknown, draw: number) => {
  const waits = Array.from({ length: triesFor(error, undefined) - 1 }, (_, at) =>
    waitAfter(at + 1, TIMING, () => draw),
  );
  return waits.reduce((sum, waitMs) => sum + waitMs, 0) / 60_000;
};

test("the default retries outlast an outage of about an hour, whatever the jitter", () => {
  for (const code of ["provider_failed", "provider_timeout", "unavailable", "overloaded", "rate_limited"] as const) {
    expect(minutesOf(new AppError(code), 0)).toBeGreaterThan(45);
    expect(minutesOf(new AppError(code), 1)).toBeLessThan(90);
  }
});

test.each([408, 409, 425, 429, 500, 503])("a provider's %i is worth the long retries", (status) => {
  expect(minutesOf(providerError(status), 0.5)).toBeGreaterThan(55);
});

test.each([400, 401, 402, 404, 413, 422])("a provider's %i fails the job immediately", (status) => {
  expect(triesFor(providerError(status), undefined)).toBe(1);
  expect(triesFor(providerError(status), 50)).toBe(1);
});

test("bad input and a conflict with other changes fail the job immediately", () => {
  for (const code of ["invalid_request", "unprocessable", "not_found", "forbidden", "conflict", "cancelled"] as const)
    expect(triesFor(new AppError(code), undefined)).toBe(1);
});

test("an unexpected error is retried for less than two minutes", () => {
  for (const error of [
    new Error("undefined is not a function"),
    new AppError("internal"),
    new AppError("model_failed"),
  ]) {
    expect(triesFor(error, undefined)).toBeGreaterThan(1);
    expect(minutesOf(error, 1)).toBeLessThan(2);
  }
});

test("a kind's own number of tries holds for every error that is worth a retry", () => {
  expect(triesFor(new AppError("unavailable"), 2)).toBe(2);
  expect(triesFor(new Error("odd"), 2)).toBe(2);
});

test("waits double up to the longest wait and differ between jobs", () => {
  const middle = (failures: number) => waitAfter(failures, TIMING, () => 0.5);
  expect([1, 2, 3, 4].map(middle)).toEqual([2_000, 4_000, 8_000, 16_000]);
  expect(middle(12)).toBe(TIMING.longestWaitMs);
  expect(middle(10_000)).toBe(TIMING.longestWaitMs);
  expect(waitAfter(3, TIMING, () => 0)).toBeLessThan(waitAfter(3, TIMING, () => 0.9));
});
