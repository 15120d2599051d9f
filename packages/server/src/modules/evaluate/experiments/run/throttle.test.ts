import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { AppError } from "../../../../kernel/errors.ts";
import { createResultWriter } from "./result-writer.ts";
import { createThrottle } from "./throttle.ts";

const clock = { elapsed: () => performance.now() };
const never = new AbortController().signal;

test("no more calls of a model run at once than are allowed, and another model does not wait for them", async () => {
  const throttle = createThrottle({ most: 2, clock });
  let running = 0;
  let most = 0;
  const call = async () => {
    running++;
    most = Math.max(most, running);
    await delay(10);
    running--;
  };
  const busy = Promise.all(Array.from({ length: 8 }, () => throttle("a", never, call)));
  expect(await throttle("b", never, async () => running)).toBe(2);
  await busy;
  expect(most).toBe(2);
});

test("after a refusal fewer calls run at once, and it grows again with those that go well", async () => {
  const throttle = createThrottle({ most: 8, clock, firstWaitMs: 5 });
  let running = 0;
  let refusals = 0;
  const levels: number[] = [];
  const call = async () => {
    running++;
    levels.push(running);
    await delay(2);
    running--;
    if (refusals++ < 8) throw new AppError("provider_failed", { details: { status: 429 } });
  };
  await Promise.all(Array.from({ length: 40 }, () => throttle("a", never, call)));
  expect(Math.max(...levels.slice(0, 8))).toBe(8);
  expect(Math.max(...levels.slice(8, 14))).toBeLessThanOrEqual(5);
});

test("an error that is not a rejection is thrown immediately, and waiting callers leave on abort", async () => {
  const throttle = createThrottle({ most: 1, clock });
  const broken = throttle("a", never, async () =>
    Promise.reject(new AppError("provider_failed", { details: { status: 500 } })),
  );
  await expect(broken).rejects.toMatchObject({ code: "provider_failed" });
  const stop = new AbortController();
  const first = throttle("a", never, () => delay(50));
  const second = throttle("a", stop.signal, async () => "never");
  stop.abort(new Error("stopped"));
  await expect(second).rejects.toThrow("stopped");
  await first;
  expect(await throttle("a", never, async () => "goes on")).toBe("goes on");
});

test("writes are batched and in order, and an error of the store reaches the next writer", async () => {
  const batches: number[][] = [];
  const writer = createResultWriter<number>(async (batch) => {
    batches.push([...batch]);
  });
  for (let at = 0; at < 450; at++) await writer.add(at);
  await writer.close();
  expect(batches.flat()).toEqual(Array.from({ length: 450 }, (_, at) => at));
  expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(200);
  const broken = createResultWriter<number>(async () => Promise.reject(new Error("the disk is full")));
  await broken.add(1);
  await expect(broken.close()).rejects.toThrow("the disk is full");
  await expect(broken.add(2)).rejects.toThrow("the disk is full");
});
