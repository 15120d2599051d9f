import { expect, test } from "vitest";
import { createQueue } from "./run-queue.ts";

/** A job that ends on request or when stopped. */
function makeJobs() {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      log.push(`${name} begins`);
      ends.set(name, resolve);
      signal.addEventListener("abort", () => {
        log.push(`${name} stopped`);
        resolve();
      });
    });
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { log, work, end };
}

test("runs at most a few at once, and starts the next when one ends", async () => {
  const { log, work, end } = makeJobs();
  const queue = createQueue();
  queue.setAtOnce(2);
  for (const name of ["a", "b", "c", "d"]) queue.add(name, work(name));
  expect(log).toEqual(["a begins", "b begins"]);
  await end("b");
  expect(log).toEqual(["a begins", "b begins", "c begins"]);
  queue.setAtOnce(3);
  expect(log.at(-1)).toBe("d begins");
});

test("one is cancelled before it begins, another while it runs, and the rest at once", async () => {
  const { log, work } = makeJobs();
  const queue = createQueue();
  queue.setAtOnce(1);
  for (const name of ["a", "b", "c", "d"]) queue.add(name, work(name));
  expect(queue.cancel("b")).toBe(true);
  expect(queue.cancel("a")).toBe(true);
  expect(queue.cancel("nobody")).toBe(false);
  expect(log).toEqual(["a begins", "a stopped", "c begins"]);
  expect(queue.cancelAll()).toEqual(["d"]);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(log).toEqual(["a begins", "a stopped", "c begins", "c stopped"]);
});

test("a job with the key of another takes its place", () => {
  const { log, work } = makeJobs();
  const queue = createQueue();
  queue.setAtOnce(1);
  queue.add("a", work("first"));
  queue.add("a", work("second"));
  expect(log).toEqual(["first begins", "first stopped", "second begins"]);
});
