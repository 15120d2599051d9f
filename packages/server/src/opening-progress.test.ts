import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createOpeningProgress } from "./opening-progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("each store has its own state while it opens, and a start that takes long says what it waits for", async () => {
  const lines: string[] = [];
  const clock = { now: () => Date.now(), elapsed: () => Date.now() };
  const progress = createOpeningProgress({ say: (line) => void lines.push(line), clock });
  const { promise, resolve } = Promise.withResolvers<string>();
  const tracked = progress.track("postgres", promise);
  vi.advanceTimersByTime(4_000);
  resolve("opened");
  expect(await tracked).toBe("opened");
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(6_000);
  expect(lines).toEqual([expect.stringMatching(/^Still opening after 10 s: columnar, objects, spool\./)]);
  expect(progress.states()).toEqual([
    { name: "postgres", state: "ok", message: "It was opened in 4 s." },
    ...["columnar", "objects", "spool"].map((name) => ({
      name,
      state: "starting",
      message: "It has been opening for 10 s.",
    })),
  ]);
  progress.stop();
  vi.advanceTimersByTime(60_000);
  expect(lines.length).toBe(1);
});
