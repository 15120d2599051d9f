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

test("a buffer that became too long is let go, one that is too short is replaced", () => {
  const scratch = createScratch();
  const long = scratch.take(64 * MIB);
  const short = scratch.take(10);
  expect(short.buffer.byteLength).toBeLessThan(MIB);
  expect(scratch.take(MIB).buffer).not.toBe(short.buffer);
  expect(scratch.take(MIB).buffer).not.toBe(long.buffer);
});

test("what was forgotten is never given again", () => {
  const scratch = createScratch();
  const taken = scratch.take(MIB);
  scratch.forget();
  expect(scratch.take(MIB).buffer).not.toBe(taken.buffer);
});
