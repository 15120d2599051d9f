import { expect, test } from "vitest";
import { pause, retryDelay } from "./backoff.ts";

test("a delay is a random part of a bound that doubles up to eight seconds", () => {
  const longest = [0, 1, 2, 3, 4, 5, 10].map((retry) => retryDelay(retry, null, () => 1));
  expect(longest).toEqual([400, 800, 1_600, 3_200, 6_400, 8_000, 8_000]);
  expect(retryDelay(3, null, () => 0)).toBe(0);
});

test("a provider's own delay is used, never shortened, and rejected when it is too long", () => {
  expect(retryDelay(0, 2_000, () => 0)).toBe(2_000);
  expect(retryDelay(0, 2_000, () => 0.5)).toBe(2_200);
  expect(retryDelay(0, 15_001, () => 0)).toBeNull();
});

test("a pause ends immediately when its caller disconnects", async () => {
  const leave = new AbortController();
  const paused = pause(60_000, leave.signal);
  leave.abort();
  await expect(paused).rejects.toMatchObject({ code: "cancelled" });
  await expect(pause(60_000, leave.signal)).rejects.toMatchObject({ code: "cancelled" });
  await expect(pause(1, new AbortController().signal)).resolves.toBeUndefined();
});
