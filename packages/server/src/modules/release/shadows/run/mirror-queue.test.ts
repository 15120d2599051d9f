import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMirrorQueue } from "./mirror-queue.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A queue whose items take ten seconds each of virtual time. */
function openQueue(concurrency: number, length: number) {
  const ended: number[] = [];
  let [running, most] = [0, 0];
  const queue = createMirrorQueue<number>({
    concurrency,
    length,
    async run(item) {
      running++;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      running--;
      ended.push(item);
    },
  });
  return { ...queue, ended, most: () => most };
}

test("an item that finds no place is refused, and the others run in order", async () => {
  const queue = openQueue(2, 3);
  const taken = Array.from({ length: 8 }, (_, item) => queue.offer(item));
  expect(taken).toEqual([true, true, true, true, true, false, false, false]);
  expect(queue.size()).toBe(5);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(queue.ended).toEqual([0, 1]);
  expect(queue.offer(8)).toBe(true);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(queue.ended).toEqual([0, 1, 2, 3, 4, 8]);
  expect([queue.most(), queue.size()]).toEqual([2, 0]);
});

test("a queue without places runs what it can immediately", () => {
  const queue = openQueue(1, 0);
  expect([queue.offer(1), queue.offer(2)]).toEqual([true, false]);
});

test("closing drops what waits, gives its number and ends with what runs", async () => {
  const queue = openQueue(1, 10);
  for (const item of [1, 2, 3]) queue.offer(item);
  const closing = queue.close();
  expect(queue.offer(4)).toBe(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await closing).toBe(2);
  expect(queue.ended).toEqual([1]);
});
