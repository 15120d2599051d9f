import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openInTime } from "./open-in-time.ts";
import type { Columnar } from "./port.ts";

const store = {
  engine: "chDB",
  isOpen: () => true,
  check: async () => undefined,
  close: async () => undefined,
  insertLines: async () => undefined,
} as unknown as Columnar;
const never = (error: unknown) => {
  throw error;
};
const after = (ms: number, value: Columnar | Error) =>
  delay(ms).then(() => {
    if (value instanceof Error) throw value;
    return value;
  });

test("a store that opens in time is given as it is, and its failure fails the start", async () => {
  expect(await openInTime(after(1, store), { graceMs: 5_000, onFailed: never })).toBe(store);
  const failing = openInTime(after(1, new Error("the data is newer")), { graceMs: 5_000, onFailed: never });
  await expect(failing).rejects.toThrow("the data is newer");
});

test("a store that opens late does not delay the start: queries wait and are then answered", async () => {
  const late = await openInTime(after(100, store), { graceMs: 1, onFailed: never });
  expect([late.isOpen(), late.engine]).toEqual([false, "ClickHouse, which is still opening"]);
  await late.insertLines("spans", Buffer.from("{}"));
  expect([late.isOpen(), late.engine]).toEqual([true, "chDB"]);
  await late.close();
});

test("a query that waits too long fails with the message that the store is being opened", async () => {
  const late = await openInTime(after(200, store), { graceMs: 1, waitMs: 10, onFailed: never });
  await expect(late.check()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("still opening"),
  });
  await late.close();
});

test("a store that cannot be opened after the start is reported", async () => {
  const failures: unknown[] = [];
  await openInTime(after(20, new Error("damaged")), { graceMs: 1, onFailed: (error) => void failures.push(error) });
  await expect.poll(() => failures.map(String)).toEqual(["Error: damaged"]);
});
