import { expect, test } from "vitest";
import { freeBytes } from "./free-bytes.ts";

const MIB = 1024 * 1024;

test("the memory is freed immediately, and cannot be read by accident", () => {
  const before = process.memoryUsage().arrayBuffers;
  const bytes = Buffer.allocUnsafeSlow(64 * MIB);
  const part = bytes.subarray(10, 20);
  expect(process.memoryUsage().arrayBuffers - before).toBeGreaterThan(60 * MIB);
  freeBytes(part);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * MIB);
  expect([bytes.length, part.length]).toEqual([0, 0]);
});

test("bytes that were freed, that are none, or that threads share are left alone", () => {
  const freed = new Uint8Array(10);
  freeBytes(freed);
  const shared = new Uint8Array(new SharedArrayBuffer(10));
  for (const bytes of [freed, Buffer.allocUnsafeSlow(0), shared]) freeBytes(bytes);
  expect(shared.length).toBe(10);
});
