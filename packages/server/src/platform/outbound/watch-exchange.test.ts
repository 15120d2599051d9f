import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createWatch, type Overdue } from "./watch-exchange.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const TIMEOUTS = { connectMs: 100, firstByteMs: 1_000, idleMs: 300, totalMs: 5_000 };

/** A watch that records its reports with their times. */
function watching(timeouts: Partial<typeof TIMEOUTS> = {}) {
  const overdue: [Overdue, number][] = [];
  const startedAt = performance.now();
  const watch = createWatch({ ...TIMEOUTS, ...timeouts }, (kind) => {
    overdue.push([kind, performance.now() - startedAt]);
    watch.end();
  });
  return { watch, said: overdue };
}

test("a connection that never comes is overdue, and is the first thing waited for", () => {
  const { said } = watching();
  vi.advanceTimersByTime(99);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual([["connect_timeout", 100]]);
});

test("the first byte is waited for from the moment the request is on its way, whether that is longer or shorter", () => {
  for (const firstByteMs of [1_000, 20]) {
    const { watch, said } = watching({ firstByteMs });
    vi.advanceTimersByTime(50);
    watch.connected();
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual([["first_byte_timeout", 50 + firstByteMs]]);
  }
});

test("each chunk of an answer restarts the timeout", () => {
  const { watch, said } = watching();
  watch.connected();
  for (let piece = 0; piece < 10; piece++) {
    vi.advanceTimersByTime(250);
    watch.heard();
  }
  expect(said).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual([["idle_timeout", 2_800]]);
});

test("while the receiver rests only the end is waited for, and afterwards the next piece again", () => {
  const { watch, said } = watching();
  watch.connected();
  watch.heard();
  watch.rest();
  vi.advanceTimersByTime(4_000);
  expect(said).toEqual([]);
  watch.heard();
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual([["idle_timeout", 4_300]]);
});

test("all of an answer has to be there in time, however often something of it comes", () => {
  const { watch, said } = watching();
  watch.connected();
  for (let piece = 0; piece < 60; piece++) {
    vi.advanceTimersByTime(100);
    watch.heard();
  }
  expect(said).toEqual([["total_timeout", 5_000]]);
});

test("what is over is not waited for, and no timer is left", () => {
  const { watch, said } = watching();
  watch.connected();
  watch.heard();
  watch.end();
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
