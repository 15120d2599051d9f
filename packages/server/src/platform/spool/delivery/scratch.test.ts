import { expect, test } from "vitest";
import { createScratch } from "./scratch.ts";

const MIB = 1024 * 1024;

test("the same bytes are given again while about as many are asked for", () => {
  const scratch = createScratch();
  const first = scratch.take(8 * MIB);
  expect(first.length).toBe(8 * MIB);
  for (const length of [8 * MIB, 9 * MIB, 3 * MIB]) {
    const again = scratch.take(length);
    expect(again.length).toBe(length);
    expect(again.buffer).toBe(first.buffer);
  }
});

test("a buffer that became too long or too short is freed for another", () => {
  const scratch = createScratch();
  const long = scratch.take(64 * MIB);
  const short = scratch.take(10);
  expect([short.buffer.byteLength < MIB, long.length]).toEqual([true, 0]);
  expect([scratch.take(MIB).length, short.length]).toEqual([MIB, 0]);
});

test("what was forgotten is neither given again nor freed", () => {
  const scratch = createScratch();
  const buffer = scratch.take(MIB);
  scratch.forget();
  expect(scratch.take(MIB).buffer).not.toBe(buffer.buffer);
  scratch.take(8 * MIB);
  expect(buffer.length).toBe(MIB);
});
